import Glibc
import Pipeline

/// A file that will be written at the end of a long run.
enum OutputFile {
  /// Finds out before the run whether the file can be made at all.
  /// - Throws: `PipelineError.cannotCreate`.
  static func check(_ path: String) throws {
    var status = stat()
    if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
      throw PipelineError.cannotCreate(file: path, code: EISDIR)
    }
    let slash = path.lastIndex(of: "/")
    let folder = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    guard !path.isEmpty, access(folder, W_OK | X_OK) == 0 else {
      throw PipelineError.cannotCreate(file: path, code: path.isEmpty ? ENOENT : errno)
    }
  }
}
