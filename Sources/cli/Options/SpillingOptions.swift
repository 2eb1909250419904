import ArgumentParser
import Glibc

/// How much memory counts may take, and where they go beyond it.
struct SpillingOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The most memory that counts take.", valueName: "size"))
  var memory = ByteSize(bytes: 512 << 20)

  @Option(
    name: [.customShort("T"), .long],
    help: ArgumentHelp(
      "Where what does not fit is written; $TMPDIR or /tmp where not given.", valueName: "folder"))
  var temporaryDirectory: String?

  func validate() throws {
    guard memory.bytes >= 1 << 20 else {
      throw ValidationError("--memory \(memory) is too little (give 1M or more)")
    }
  }

  /// The folder for temporary files.
  var folder: String { Self.folder(temporaryDirectory) }

  /// The folder that is meant where `given` was given, or nothing.
  static func folder(_ given: String?) -> String {
    if let given { return given }
    guard let path = getenv("TMPDIR").map({ String(cString: $0) }), !path.isEmpty else {
      return "/tmp"
    }
    return path
  }
}
