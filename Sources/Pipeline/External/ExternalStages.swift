/// The stages whose code comes from outside.
public enum ExternalStages {
  public static let all = [StageEntry(ProcessRun.self), StageEntry(LibraryLoad.self)]

  /// The stage that a word of the command line asks for: `exec:./fix.awk -v x='a b'` a program in
  /// mode `lines`, `library:./fix.so` a dynamic library.
  ///
  /// The words after `exec:` are split as a shell does, but no shell runs: there are no variables,
  /// patterns or pipes.
  /// - Returns: `nil` where the text is the specification of another stage.
  /// - Throws: `PipelineError.malformedValue` for a quote that is not closed, and what the stage
  ///   throws.
  public static func stage(for specification: String) throws -> AnyStage? {
    guard let (id, options) = try parse(specification) else { return nil }
    return try Registry(all).make(id, options: .object(options))
  }

  /// The id and the options that such a word stands for.
  static func parse(_ specification: String) throws -> (id: String, options: JSONObject)? {
    if let command = rest(of: specification, after: "exec:") {
      let words = try ShellWords.split(command)
      let arguments = words.dropFirst().map(JSONValue.string)
      return (
        ProcessRun.descriptor.id,
        JSONObject([("program", .string(words.first ?? "")), ("arguments", .array(arguments))])
      )
    }
    if let path = rest(of: specification, after: "library:") {
      return (LibraryLoad.descriptor.id, JSONObject([("path", .string(path))]))
    }
    return nil
  }

  private static func rest(of text: String, after prefix: String) -> String? {
    text.hasPrefix(prefix) ? String(text.dropFirst(prefix.utf8.count)) : nil
  }
}
