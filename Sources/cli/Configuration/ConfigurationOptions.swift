import ArgumentParser

/// Where options can come from besides the command line. Declared here for help, manual and
/// completions; `ConfiguredCommandLine` takes them away before the parser sees them.
struct ConfigurationOptions: ParsableArguments {
  /// The section of the help, by which these options are told from a command's own.
  static let title = "Configuration"

  @Option(
    help: ArgumentHelp(
      "Read options from a JSON or YAML file: {\"threads\": 2, \"classify\": {\"k\": 3}}.",
      valueName: "file"),
    completion: .file(extensions: ["json", "yaml", "yml"]))
  var config: String?

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "Set an option by its long name, over SEQTOOL_* and --config; may be repeated.",
      valueName: "key=value"))
  var settings: [String] = []

  @Flag(help: "Print the merged options as JSON that --config reads, and do nothing else.")
  var dumpConfig = false
}
