/// Decodes the ids of a subword tokenizer, by the rules that it brings along.
public struct SubwordDecoder: IDDecoder {
  private let tokenizer: SubwordTokenizer

  public init(_ tokenizer: SubwordTokenizer) { self.tokenizer = tokenizer }

  public var idBound: Int { tokenizer.idBound }

  public func append(
    _ ids: ArraySlice<Int32>, skipsSpecials: Bool, to text: inout [UInt8]
  ) throws {
    text += try tokenizer.decode(ids, skipsSpecialTokens: skipsSpecials).utf8
  }
}
