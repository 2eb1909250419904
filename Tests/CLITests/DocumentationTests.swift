import Pipeline
import TestSupport
import Testing

/// Runs what the documents say.
///
/// A block marked `sh` is run as one script. In a block marked `console` a line that begins with
/// `$ ` is run, and what follows must be its output; a line `...` stands for any lines.
@Suite struct DocumentationTests {
  static let documents = ["README.md", "CONTRIBUTING.md", "docs"]

  @Test func everyCommandOfTheDocumentsDoesWhatItShows() throws {
    let files = try Self.documents.flatMap { name in
      try name.hasSuffix(".md")
        ? [
          SourceFile(
            path: name,
            text: String(
              decoding: try readFile(BinaryRunner.packageFolder + "/" + name), as: UTF8.self))
        ] : SourceFile.all(under: name, suffixes: [".md"])
    }
    var count = 0
    for file in files {
      let blocks = Self.blocks(of: file)
      guard !blocks.isEmpty else { continue }
      // One folder for each document: a later command may use what an earlier one made.
      let folder = try TemporaryFolder()
      let runner = BinaryRunner(folder: folder.path)
      let copies = try runner.shell(
        "to=$PWD; cd '\(BinaryRunner.packageFolder)' && "
          + "cp -R --parents data examples Sources/CSeqtoolPlugin/include \"$to\"")
      #expect(copies.code == 0)
      for block in blocks {
        count += 1
        try Self.check(block, runner)
      }
    }
    #expect(count >= 3)
  }

  @Test func everyCommandHasItsExample() throws {
    let page = try String(
      decoding: readFile(BinaryRunner.packageFolder + "/docs/commands.md"), as: UTF8.self)
    let sections = page.split(separator: "\n## ")
    let description = try JSONParser.parse(
      try BinaryRunner().run("--experimental-dump-help").stdout, maximumSize: 1 << 26)
    var count = 0
    func visit(_ command: JSONValue, _ path: String) {
      let children = command["subcommands"]?.arrayValue ?? []
      for child in children where child["shouldDisplay"] == true {
        visit(child, path + " " + (child["commandName"]?.stringValue ?? ""))
      }
      guard children.isEmpty, path != "seqtool help" else { return }
      count += 1
      let section = sections.first { $0.hasPrefix(path + "\n") }
      #expect(section?.contains(path + " ") == true, "docs/commands.md shows no \(path)")
    }
    visit(description["command"] ?? [:], "seqtool")
    #expect(count >= 16)
  }

  @Test func elisionsStandForAnyLines() {
    #expect(Self.matches(["a", "b"], ["a", "b"]))
    #expect(Self.matches(["a", "x", "y", "b"], ["a", "...", "b"]))
    #expect(Self.matches(["a", "b"], ["a", "...", "b"]))
    #expect(!Self.matches(["a", "b", "c"], ["a", "...", "b"]))
    #expect(!Self.matches(["a"], ["b"]))
    #expect(!Self.matches(["a", "b"], ["a"]))
  }

  private struct Block {
    var place: String
    var kind: String
    var lines: [String]
  }

  private static func blocks(of file: SourceFile) -> [Block] {
    var blocks: [Block] = []
    var open: Block?
    for (number, line) in file.lines.enumerated() {
      if line.hasPrefix("```"), let block = open {
        if ["sh", "console"].contains(block.kind) { blocks.append(block) }
        open = nil
      } else if line.hasPrefix("```") {
        open = Block(
          place: "\(file.path):\(number + 1)", kind: String(line.dropFirst(3)), lines: [])
      } else {
        open?.lines.append(line)
      }
    }
    return blocks
  }

  private static func check(_ block: Block, _ runner: BinaryRunner) throws {
    if block.kind == "sh" {
      let result = try runner.shell(
        "set -euo pipefail\n" + block.lines.joined(separator: "\n"))
      #expect(result.code == 0, "\(block.place): \(result.errors)")
      return
    }
    var rest = block.lines[...]
    while let command = rest.popFirst() {
      guard command.hasPrefix("$ ") else {
        Issue.record("\(block.place): \(command) follows no command")
        return
      }
      let expected = rest.prefix { !$0.hasPrefix("$ ") }
      rest = rest.dropFirst(expected.count)
      let result = try runner.shell("set -uo pipefail\n" + command.dropFirst(2))
      let shown = result.lines.map { String(decoding: $0, as: UTF8.self) }
      #expect(
        matches(shown, Array(expected)),
        "\(block.place): \(command)\n\(result.output)\(result.errors)")
    }
  }

  private static func matches(_ lines: [String], _ pattern: [String]) -> Bool {
    guard let first = pattern.first else { return lines.isEmpty }
    let rest = Array(pattern.dropFirst())
    if first == "..." {
      return (0...lines.count).contains { matches(Array(lines.dropFirst($0)), rest) }
    }
    return lines.first == first && matches(Array(lines.dropFirst()), rest)
  }
}
