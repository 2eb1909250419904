import Pipeline

/// A value of a tokenizer's JSON with the path to it, so that every fault names its place.
struct JSONPlace {
  let value: JSONValue
  let path: String
  let file: String

  func fault(_ problem: String) -> TokenizeError {
    .malformedTokenizer(file: file, path: path.isEmpty ? "(all)" : path, problem: problem)
  }

  var isNull: Bool { value == .null }

  /// The member of that key; null where it is missing.
  subscript(key: String) -> JSONPlace {
    JSONPlace(value: value[key] ?? .null, path: path.isEmpty ? key : "\(path).\(key)", file: file)
  }

  /// The elements of an array.
  func elements() throws -> [JSONPlace] {
    guard let values = value.arrayValue else { throw fault("must be a list") }
    return values.enumerated().map {
      JSONPlace(value: $1, path: "\(path)[\($0)]", file: file)
    }
  }

  /// The members of an object, sorted by the bytes of their keys.
  func members() throws -> [JSONObject.Member] {
    guard let object = value.objectValue else { throw fault("must be an object") }
    return object.members
  }

  func text() throws -> String {
    guard let text = value.stringValue else { throw fault("must be a text in quotes") }
    return text
  }

  func bytes() throws -> [UInt8] { Array(try text().utf8) }

  /// The text, or a default where it is null or missing.
  func bytes(or standard: String) throws -> [UInt8] {
    isNull ? Array(standard.utf8) : try bytes()
  }

  func bool() throws -> Bool {
    guard let value = value.boolValue else { throw fault("must be true or false") }
    return value
  }

  func bool(or standard: Bool) throws -> Bool { isNull ? standard : try bool() }

  /// A whole number from 0 to `maximum`.
  func number(upTo maximum: Int = Int(Int32.max)) throws -> Int {
    guard let value = value.intValue, value >= 0 else {
      throw fault("must be a whole number, 0 or more")
    }
    guard value <= maximum else { throw fault("is \(value), but at most \(maximum) is possible") }
    return value
  }

  func id() throws -> Int32 { Int32(try number(upTo: TokenTable.maximumID)) }

  func double() throws -> Double {
    guard let value = value.doubleValue else { throw fault("must be a number") }
    return value
  }

  /// One of the words of an enumeration.
  func choice<Choice: RawRepresentable & CaseIterable>(_ type: Choice.Type) throws -> Choice
  where Choice.RawValue == String {
    let text = try text()
    guard let choice = Choice(rawValue: text) else {
      throw fault(
        "cannot be \"\(Escaping.printable(text))\" "
          + Nearest.hint(for: text, among: Choice.allCases.map(\.rawValue)))
    }
    return choice
  }

  /// The fault of a `type` that is not among the known ones.
  func unknownType(_ type: String, known: [String]) -> TokenizeError {
    self["type"].fault(
      "unknown type \"\(Escaping.printable(type))\" \(Nearest.hint(for: type, among: known))")
  }
}
