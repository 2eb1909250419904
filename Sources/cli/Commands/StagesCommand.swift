import ArgumentParser
import Pipeline

/// `seqtool stages`: what a pipeline can be made of.
struct StagesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stages",
    abstract: "List every stage with its options, what it takes and what it gives.",
    discussion: """
        seqtool stages
        seqtool stages normalize.unicode@1
        seqtool stages --json | jq -r '.[].id'
        seqtool stages --markdown > docs/stages.md
      """)

  @Argument(help: "Stages to show; none shows all.")
  var ids: [String] = []

  @Flag(help: "An array of objects, one per stage, with the default of every option.")
  var json = false

  @Flag(help: "A page for the documents.")
  var markdown = false

  @OptionGroup(title: ConfigurationOptions.title)
  var configuration: ConfigurationOptions

  func validate() throws {
    guard !(json && markdown) else {
      throw ValidationError("--json and --markdown exclude each other")
    }
  }

  func run() throws {
    let registry = try BuiltIn.registry()
    let entries = ids.isEmpty ? registry.entries : try ids.map(registry.entry)
    if json {
      let rows = try entries.map(Self.object)
      try StandardOutput.write(JSONValue.array(rows).text() + "\n")
    } else if markdown {
      try StandardOutput.write(StagePage(entries).text())
    } else {
      try StandardOutput.write(entries.map(Self.paragraph).joined(separator: "\n"))
    }
  }

  private static func paragraph(_ entry: StageEntry) throws -> String {
    let stage = entry.descriptor
    let door = stage.isExternal ? stage.door.rawValue : "built in"
    var text = "\(stage.id)  \(stage.input.rawValue) -> \(stage.output.rawValue)  (\(door))\n"
    text += "  \(stage.summary)\n"
    let defaults = try entry.defaultOptions()
    let width = stage.options.map(\.name.count).max() ?? 0
    for option in stage.options {
      let name = option.name + String(repeating: " ", count: width - option.name.count)
      var facts = option.choices.isEmpty ? [] : [option.choices.joined(separator: "|")]
      facts.append("default \(defaults[option.name]?.text() ?? "none")")
      text += "  \(name)  \(option.summary) (\(facts.joined(separator: "; ")))\n"
    }
    return text
  }

  private static func object(_ entry: StageEntry) throws -> JSONValue {
    let stage = entry.descriptor
    let defaults = try entry.defaultOptions()
    let options = stage.options.map { option -> JSONValue in
      [
        "name": .string(option.name), "summary": .string(option.summary),
        "choices": .array(option.choices.map(JSONValue.string)),
        "default": defaults[option.name] ?? .null,
      ]
    }
    return [
      "id": .string(stage.id), "summary": .string(stage.summary),
      "doors": [.string(stage.door.rawValue)],
      "input": .string(stage.input.rawValue), "output": .string(stage.output.rawValue),
      "one_to_one": .bool(stage.isOneToOne), "options": .array(options),
    ]
  }
}
