extension PipelinePlan {
  /// Adds a stage given as text: `id`, or `id(option=value, option=value)`; `exec:./fix.awk -v n=1`
  /// and `library:./fix.so` as in `ExternalStages`.
  ///
  /// A value is JSON where it reads as JSON, and a text otherwise; commas within brackets or quotes
  /// belong to it.
  /// - Parameters:
  ///   - place: what an error calls the text, such as `--stage`.
  ///   - isNamedByUser: whether the user typed the text, which allows the stage to run.
  /// - Throws: `PipelineError.malformedPipelineFile`.
  public mutating func append(
    stage text: String, place: String, isNamedByUser: Bool = false
  ) throws {
    var step = try Self.step(text: text, place: place)
    step.isNamedByUser = isNamedByUser
    steps.append(step)
  }

  private static func step(text: String, place: String) throws -> Step {
    let fault = { (problem: String) in
      PipelineError.malformedPipelineFile(place: place, problem: problem)
    }
    do {
      if let (id, options) = try ExternalStages.parse(text) {
        return Step(stage: id, options: options, place: place)
      }
    } catch PipelineError.malformedValue(let problem) {
      throw fault(problem)
    }
    let open = text.firstIndex(of: "(")
    let id = open.map { trimmed(text[..<$0]) } ?? text
    guard !id.isEmpty else { throw fault("the stage has no id (give id(option=value, ...))") }
    guard let open else { return Step(stage: id, place: place) }
    guard text.last == ")" else {
      throw fault("'\(text)' does not end with ) (give id(option=value, ...))")
    }
    let inner = text[text.index(after: open)...].dropLast()
    var options = JSONObject()
    for part in parts(of: inner) where !part.isEmpty {
      guard let sign = part.firstIndex(of: "="), sign != part.startIndex else {
        throw fault("'\(part)' is not option=value")
      }
      let name = trimmed(part[..<sign])
      guard options[name] == nil else { throw fault("option \"\(name)\" stands twice") }
      options[name] = try value(trimmed(part[part.index(after: sign)...]), within: 1, fault)
    }
    return Step(stage: id, options: options, place: place)
  }

  /// Sets an option by `2.form=nfc` (the second stage) or `normalize.unicode.form=nfc`.
  /// - Throws: `PipelineError.malformedPipelineFile` where the text is of another form, or names no
  ///   stage of the plan or several.
  public mutating func set(_ text: String) throws {
    let place = "--set \(text)"
    let fault = { (problem: String) in
      PipelineError.malformedPipelineFile(place: place, problem: problem)
    }
    guard let sign = text.firstIndex(of: "=") else { throw fault("is not STAGE.OPTION=VALUE") }
    let path = String(text[..<sign])
    let value = String(text[text.index(after: sign)...])
    let (index, rest) = try target(of: path, fault)
    let names = rest.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard let head = names.first, !names.contains("") else {
      throw fault("is not STAGE.OPTION=VALUE")
    }
    steps[index].options.set(
      try Self.value(value, within: names.count, fault), at: names[...])
    steps[index].optionPlaces[head] = place
  }

  private func target(
    of path: String, _ fault: (String) -> PipelineError
  ) throws -> (index: Int, rest: Substring) {
    if let dot = path.firstIndex(of: "."), let number = Int(path[..<dot]) {
      guard steps.indices.contains(number - 1) else {
        throw fault("there is no stage \(number) (they are counted from 1 to \(steps.count))")
      }
      return (number - 1, path[path.index(after: dot)...])
    }
    let matches = steps.indices.compactMap { index -> (Int, Substring)? in
      let id = steps[index].stage
      let bare = id.prefix { $0 != "@" }
      for name in [id[...], bare] where path.hasPrefix(name + ".") {
        return (index, path.dropFirst(name.count + 1))
      }
      return nil
    }
    guard let first = matches.first else {
      let known = steps.map { String($0.stage.prefix { $0 != "@" }) }
      throw fault("names no stage of the pipeline (there are: \(known.joined(separator: ", ")))")
    }
    guard matches.count == 1 else {
      let numbers = matches.map { "\($0.0 + 1)" }.joined(separator: ", ")
      throw fault("names several stages: \(numbers) (say which by its number, as in 2.form=nfc)")
    }
    return first
  }

  /// The parts between commas that stand outside of brackets and quotes.
  private static func parts(of text: some StringProtocol) -> [String] {
    var parts: [String] = []
    var part = ""
    var depth = 0
    var quote: Character?
    var isEscaped = false
    for character in text {
      if let open = quote {
        if isEscaped {
          isEscaped = false
        } else if character == "\\" {
          isEscaped = true
        } else if character == open {
          quote = nil
        }
      } else if character == "\"" {
        quote = character
      } else if "[{(".contains(character) {
        depth += 1
      } else if "]})".contains(character) {
        depth -= 1
      } else if character == ",", depth == 0 {
        parts.append(trimmed(part))
        part = ""
        continue
      }
      part.append(character)
    }
    return parts + [trimmed(part)]
  }

  /// - Parameter outer: how many objects the value stands in. All together are not nested deeper than
  ///   what a file of pipelines may hold, in a list of steps.
  private static func value(
    _ text: String, within outer: Int, _ fault: (String) -> PipelineError
  ) throws -> JSONValue {
    let value = (try? JSONParser.parse(text.utf8)) ?? .string(text)
    let limit = JSONParser.maximumDepth - 1
    guard outer <= limit, outer + value.nesting <= limit else {
      throw fault("is nested deeper than \(limit)")
    }
    return value
  }

  private static func trimmed(_ text: some StringProtocol) -> String {
    var rest = text.drop { $0.isWhitespace }
    while rest.last?.isWhitespace == true { rest.removeLast() }
    return String(rest)
  }
}

extension JSONValue {
  /// How many arrays and objects stand within each other.
  fileprivate var nesting: Int {
    switch self {
    case .array(let elements): 1 + (elements.map(\.nesting).max() ?? 0)
    case .object(let object): 1 + (object.members.map(\.value.nesting).max() ?? 0)
    default: 0
    }
  }
}

extension JSONObject {
  /// Sets the member at a path of keys; objects are made on the way.
  fileprivate mutating func set(_ value: JSONValue, at path: ArraySlice<String>) {
    guard let key = path.first else { return }
    guard path.count > 1 else {
      self[key] = value
      return
    }
    var inner = self[key]?.objectValue ?? JSONObject()
    inner.set(value, at: path.dropFirst())
    self[key] = .object(inner)
  }
}
