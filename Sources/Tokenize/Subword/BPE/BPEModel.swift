/// Byte-pair encoding (Sennrich et al. 2016, "Neural Machine Translation of Rare Words with Subword
/// Units"): a word is cut into characters, and the pair that was learnt first is merged until none
/// is left.
final class BPEModel: Sendable {
  struct Options: Sendable {
    var unknown: Int32?
    /// A run of unknown characters is one token.
    var fusesUnknown = false
    /// An unknown character becomes the tokens `<0x00>` to `<0xFF>` of its bytes, if all are there.
    var fallsBackToBytes = false
    /// A word that is a token is that token, whatever the merges say.
    var ignoresMerges = false
    /// Precedes every character of a word but the first.
    var continuingPrefix: [UInt8] = []
    /// Follows the last character of a word.
    var endSuffix: [UInt8] = []
    /// Tokens that are found as they stand and never merge with what is beside them.
    var symbols: ByteTrie?
    /// The text of an unknown token is what stands there, not the name of the unknown token.
    var keepsUnknownText = false
  }

  let tokens: TokenTable
  let merges: MergeTable
  let options: Options
  /// Whether words are raw bytes and the tokens are written in `ByteAlphabet`.
  let isByteLevel: Bool
  /// Ids of the 256 bytes: of the byte itself if `isByteLevel`, else of `<0xNN>`; -1 for none.
  private let byteIDs: [Int32]
  /// Ids of the ASCII characters, and of all tokens by their text.
  private let asciiIDs: [Int32]
  /// The tokens by the bytes that they stand for, where `isByteLevel`.
  private let rawTokens: TokenTable?
  /// Whether no token has U+2581 after another character: then a text can be cut before every run
  /// of U+2581 without any change to the result.
  let cutsAtMetaspace: Bool

  init(tokens: TokenTable, merges: MergeTable, options: Options, isByteLevel: Bool) throws {
    self.tokens = tokens
    self.merges = merges
    self.options = options
    self.isByteLevel = isByteLevel
    byteIDs = (0...255).map {
      tokens.id(of: isByteLevel ? ByteAlphabet.texts[$0] : ByteFallback.text(UInt8($0)))
    }
    asciiIDs = (0..<128).map { tokens.id(of: [UInt8($0)]) }
    var raw = TokenTable()
    if isByteLevel, options.ignoresMerges {
      for (text, id) in tokens.entries {
        if let bytes = ByteAlphabet.decode(text) { try raw.insert(bytes, id: id) }
      }
      rawTokens = raw
    } else {
      rawTokens = nil
    }
    cutsAtMetaspace =
      !isByteLevel && !options.ignoresMerges && options.continuingPrefix.isEmpty
      && options.endSuffix.isEmpty && tokens.id(of: Metaspace.bytes) >= 0
      && tokens.entries.allSatisfy { !Metaspace.hasInnerBoundary($0.text) }
  }

  /// The whole word as one token, where that has precedence over merging.
  @inline(__always)
  func wholeWord(_ word: UnsafeBufferPointer<UInt8>) -> Int32 {
    guard options.ignoresMerges else { return -1 }
    return (rawTokens ?? tokens).id(of: word)
  }

  /// Fills `merger` with the symbols of a word before any merge.
  ///
  /// Where the model names no unknown token, unknown characters are left out and what follows takes
  /// their place in the ranges, as the library does it.
  func addSymbols(of word: UnsafeBufferPointer<UInt8>, to merger: inout BPEMerger) {
    var unknownEnd: Int?
    var dropped = 0
    var i = 0
    while i < word.count {
      let (id, end) = symbol(word, i)
      if id >= 0 {
        flush(&unknownEnd, into: &merger)
        merger.append(id, end: end - dropped)
      } else if !addBytes(of: word, i..<end, to: &merger) {
        if !options.fusesUnknown { flush(&unknownEnd, into: &merger) }
        if options.unknown == nil { dropped += end - i } else { unknownEnd = end }
      }
      i = end
    }
    flush(&unknownEnd, into: &merger)
  }

  @inline(__always)
  private func flush(_ end: inout Int?, into merger: inout BPEMerger) {
    guard let unknown = options.unknown, let place = end else { return }
    merger.append(unknown, end: place)
    end = nil
  }

  /// The first symbol from `start` on and where it ends; -1 where it is no token.
  @inline(__always)
  private func symbol(
    _ word: UnsafeBufferPointer<UInt8>, _ start: Int
  ) -> (id: Int32, end: Int) {
    if isByteLevel { return (byteIDs[Int(word[start])], start + 1) }
    if let found = options.symbols?.longestPrefix(of: word, from: start) {
      return (found.value, found.end)
    }
    let end = start + UTF8Step.length(word[start])
    return (character(word, start, end), end)
  }

  /// The id of the character at `start..<end`, or -1.
  @inline(__always)
  private func character(_ word: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int) -> Int32 {
    let hasPrefix = start > 0 && !options.continuingPrefix.isEmpty
    let hasSuffix = end == word.count && !options.endSuffix.isEmpty
    guard hasPrefix || hasSuffix else {
      if word[start] < 0x80 { return asciiIDs[Int(word[start])] }
      return tokens.id(of: UnsafeBufferPointer(rebasing: word[start..<end]))
    }
    let text =
      (hasPrefix ? options.continuingPrefix : []) + word[start..<end]
      + (hasSuffix ? options.endSuffix : [])
    return tokens.id(of: text)
  }

  /// Adds the byte tokens of an unknown character, if the model has them all.
  private func addBytes(
    of word: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, to merger: inout BPEMerger
  ) -> Bool {
    guard options.fallsBackToBytes, !isByteLevel else { return false }
    let bytes =
      (range.lowerBound > 0 ? options.continuingPrefix : []) + word[range]
      + (range.upperBound == word.count ? options.endSuffix : [])
    guard bytes.allSatisfy({ byteIDs[Int($0)] >= 0 }) else { return false }
    for (i, byte) in bytes.enumerated() {
      merger.append(byteIDs[Int(byte)], end: min(range.lowerBound + i + 1, range.upperBound))
    }
    return true
  }
}
