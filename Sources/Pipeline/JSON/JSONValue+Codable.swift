import FoundationEssentials

extension JSONValue {
  /// The JSON of any `Encodable`.
  /// - Throws: what its `encode(to:)` throws; `EncodingError` where a number is not finite.
  public init(encoding value: some Encodable) throws {
    self = try JSONParser.parse(try JSONEncoder().encode(value), maximumSize: .max)
  }

  /// The value that this JSON stands for. Keys that the type does not know are ignored.
  /// - Throws: `DecodingError`.
  public func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
    try JSONDecoder().decode(type, from: Data(bytes()))
  }
}
