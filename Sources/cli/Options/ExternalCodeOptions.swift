import ArgumentParser
import Pipeline

/// Which code from outside a pipeline file may run. A file can never allow it by itself: only the
/// command line and the environment can (`ConfigurationFile` refuses these keys).
struct ExternalCodeOptions: ParsableArguments {
  static let keys = ["allow-exec", "allow-library"]

  @Flag(help: "Let the pipeline file run programs, as you; only where you trust the file.")
  var allowExec = false

  @Flag(help: "Let the pipeline file load dynamic libraries; only where you trust the file.")
  var allowLibrary = false

  var policy: ExternalPolicy {
    ExternalPolicy(allowsPrograms: allowExec, allowsLibraries: allowLibrary)
  }
}
