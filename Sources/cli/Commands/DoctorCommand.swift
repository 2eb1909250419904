import ArgumentParser
import Glibc
import Pipeline
import Tokenize

/// `seqtool doctor`: what is wrong with labelled data.
struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Examine labelled data before training.",
    discussion: """
      Looks for malformed UTF-8, mixed normal forms, empty texts, duplicates, equal texts with \
      different labels and, with --dev, for development records that stand in the training data; \
      shows lengths and the size of each class. Exits with 0, or under --strict with 1 where \
      something is wrong.

        seqtool doctor data/names
        seqtool doctor train.tsv --dev dev.tsv --strict --json | jq .problems
      """)

  @OptionGroup
  var labelled: LabelledDataOptions

  @Option(help: "Development data, which must not stand in the training data.", completion: .file())
  var dev: String?

  @Flag(help: "One JSON object.")
  var json = false

  @Flag(help: "Exit with 1 where something is wrong.")
  var strict = false

  @OptionGroup(title: ConfigurationOptions.title)
  var configuration: ConfigurationOptions

  func validate() throws {
    guard !(labelled.data + [dev].compactMap(\.self)).contains("-") else {
      throw ValidationError("doctor reads its data twice: give files or folders, not stdin")
    }
  }

  func run() throws {
    var options = RecordOptions()
    options.keepsCarriageReturn = labelled.keepCR
    options.maximumRecord = labelled.maxRecord.bytes
    var examiner = DataExaminer()
    for path in labelled.data + [dev].compactMap(\.self) {
      for file in Self.files(of: path) { try examiner.examineLines(of: file, options: options) }
    }
    try examiner.examine(labelled.read(), dev: dev.map { try labelled.read([$0]) })
    let report = examiner.report
    try StandardOutput.write(json ? report.json.text() + "\n" : DataReportText(report).table)
    let count = report.problems.count
    if strict, count > 0 {
      throw CLIError.belowLimit("\(count == 1 ? "1 problem" : "\(count) problems") found")
    }
  }

  /// The files of a folder with one file per class, sorted by bytes; or the path itself.
  private static func files(of path: String) -> [String] {
    guard let folder = opendir(path) else { return [path] }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      guard !name.hasPrefix(".") else { continue }
      var status = stat()
      let file = path + (path.hasSuffix("/") ? "" : "/") + name
      if stat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG { names.append(file) }
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }
}
