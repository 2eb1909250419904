import Pipeline

/// Writes a `tokenizer.json` that Hugging Face's library reads.
enum HFTokenizerWriter {
  /// The file of a learnt byte-pair encoding.
  /// - Parameter tokens: by id; the special ones first.
  static func bytes(
    bpe tokens: [[UInt8]], merges: [(left: Int32, right: Int32)], options: BPETrainingOptions
  ) -> [UInt8] {
    let isByteLevel = options.alphabet == .bytes
    var model = #"{"type":"BPE","dropout":null,"unk_token":"#
    model += isByteLevel ? "null" : #""<unk>""#
    model += #","continuing_subword_prefix":null,"end_of_word_suffix":null,"fuse_unk":false"#
    model += #","byte_fallback":false,"ignore_merges":false,"vocab":"#
    var output = head(
      specials: options.specialTokens.count, tokens: tokens,
      steps: isByteLevel ? byteLevelSteps : metaspaceSteps)
    output += model.utf8
    append(vocabulary: tokens, to: &output)
    output += #","merges":["#.utf8
    for (i, merge) in merges.enumerated() {
      output += i == 0 ? "[".utf8 : ",[".utf8
      JSONValue.append(tokens[Int(merge.left)], to: &output)
      output.append(UInt8(ascii: ","))
      JSONValue.append(tokens[Int(merge.right)], to: &output)
      output.append(UInt8(ascii: "]"))
    }
    output += "]}}\n".utf8
    return output
  }

  /// The file of a vocabulary of whole words, which white space and punctuation part.
  /// - Parameter tokens: by id; `unknown` is among them.
  static func bytes(wordLevel tokens: [[UInt8]], unknown: [UInt8]) -> [UInt8] {
    let steps =
      #""pre_tokenizer":{"type":"Whitespace"},"post_processor":null,"decoder":null,"model":"#
    var output = head(specials: 0, tokens: tokens, steps: steps)
    output += #"{"type":"WordLevel","unk_token":"#.utf8
    JSONValue.append(unknown, to: &output)
    output += #","vocab":"#.utf8
    append(vocabulary: tokens, to: &output)
    output += "}}\n".utf8
    return output
  }

  private static let byteLevelSteps =
    #""pre_tokenizer":{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"#
    + #""use_regex":true},"post_processor":{"type":"ByteLevel","add_prefix_space":false,"#
    + #""trim_offsets":false,"use_regex":true},"decoder":{"type":"ByteLevel","#
    + #""add_prefix_space":false,"trim_offsets":true,"use_regex":true},"model":"#

  private static let metaspaceSteps =
    #""pre_tokenizer":{"type":"Metaspace","replacement":"▁","prepend_scheme":"always","#
    + #""split":true},"post_processor":null,"decoder":{"type":"Metaspace","replacement":"▁","#
    + #""prepend_scheme":"always","split":true},"model":"#

  private static func head(specials: Int, tokens: [[UInt8]], steps: String) -> [UInt8] {
    var output = Array(
      #"{"version":"1.0","truncation":null,"padding":null,"added_tokens":["#.utf8)
    for id in 0..<specials {
      output += (id == 0 ? "" : ",").utf8
      output += #"{"id":\#(id),"content":"#.utf8
      JSONValue.append(tokens[id], to: &output)
      output += #","single_word":false,"lstrip":false,"rstrip":false,"normalized":false"#.utf8
      output += #","special":true}"#.utf8
    }
    output += #"],"normalizer":null,"#.utf8
    output += steps.utf8
    return output
  }

  private static func append(vocabulary tokens: [[UInt8]], to output: inout [UInt8]) {
    output.append(UInt8(ascii: "{"))
    for (id, token) in tokens.enumerated() {
      if id > 0 { output.append(UInt8(ascii: ",")) }
      JSONValue.append(token, to: &output)
      output += ":\(id)".utf8
    }
    output.append(UInt8(ascii: "}"))
  }
}
