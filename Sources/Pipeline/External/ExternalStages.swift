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
    if let command = rest(of: specification, after: "exec:") {
      let words = try ShellWords.split(command)
      var options = ProcessRun.Options()
      options.program = words.first ?? ""
      options.arguments = Array(words.dropFirst())
      return AnyStage(try ProcessRun(options: options))
    }
    if let path = rest(of: specification, after: "library:") {
      var options = LibraryLoad.Options()
      options.path = path
      return AnyStage(try LibraryLoad(options: options))
    }
    return nil
  }

  private static func rest(of text: String, after prefix: String) -> String? {
    text.hasPrefix(prefix) ? String(text.dropFirst(prefix.utf8.count)) : nil
  }
}
