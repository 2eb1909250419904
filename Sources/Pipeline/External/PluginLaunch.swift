import Glibc

/// What a program needs to start, and what can keep it from it.
enum PluginLaunch {
  /// What every program gets of this process's environment.
  private static let usualVariables = ["HOME", "LOGNAME", "PATH", "TMPDIR", "TZ", "USER"]

  /// The usual variables and those named, and a locale in which text is UTF-8.
  static func environment(passing names: [String]) -> [String] {
    let values = (usualVariables + names).compactMap { name in
      getenv(name).map { "\(name)=\(String(cString: $0))" }
    }
    return values + (names.contains("LC_ALL") ? [] : ["LC_ALL=C.UTF-8"])
  }

  /// Refuses a file that any user of the machine could have changed.
  static func check(_ path: String) throws {
    var status = stat()
    guard stat(path, &status) == 0 else { throw failure(path, errno) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw failure(path, EACCES) }
    guard status.st_mode & S_IWOTH == 0 else {
      throw PipelineError.pluginFailed(
        plugin: path, problem: "every user may write to it (chmod o-w)")
    }
  }

  static func failure(_ path: String, _ code: Int32) -> PipelineError {
    let hint =
      switch code {
      case ENOENT: " (is the path right, and the interpreter in its first line?)"
      case EACCES: " (is it a file, and executable? chmod +x)"
      case ENOEXEC: " (a script needs a first line such as #!/usr/bin/awk -f)"
      default: ""
      }
    return .pluginFailed(
      plugin: path, problem: "cannot be started: \(String(cString: strerror(code)))\(hint)")
  }

  static func withCStrings<Result>(
    _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
  ) -> Result {
    let copies = strings.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    return body(copies + [nil])
  }
}
