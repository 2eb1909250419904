public import Pipeline

/// A tokenizer together with the bytes that define it: what a stage holds and a model file saves.
public struct SubwordDefinition: Sendable {
  /// The `tokenizer.json` or the SentencePiece model.
  public let source: [UInt8]
  public let tokenizer: SubwordTokenizer

  private static let resource = "tokenizer"

  /// - Parameter file: the name of the file that the bytes come from, for messages.
  /// - Throws: as `SubwordTokenizer.init(contentsOf:file:)`.
  public init(source: [UInt8], file: String) throws {
    self.source = source
    tokenizer = try SubwordTokenizer(contentsOf: source, file: file)
  }

  /// Reads what `write(to:)` saved.
  public init(_ resources: ResourceReader) throws {
    try self.init(source: resources.bytes(Self.resource), file: Self.resource)
  }

  /// Saves the source under the name "tokenizer".
  public func write(to resources: inout ResourceWriter) throws {
    try resources.add(Self.resource, bytes: source)
  }
}
