import Pipeline
import TestSupport
import Testing

@Suite struct InspectCommandTests {
  @Test func everythingInTheFileIsShown() throws {
    let (folder, seqtool) = try ModelFixture.folder()
    let object = try JSONParser.parse(try seqtool.run("inspect", "--json", "m").stdout)
    #expect(object["bytes"]?.intValue == (try folder.read("m").count))
    #expect(object["labels"]?.arrayValue?.count == 18)
    #expect(object["self_test"]?["passed"] == true)
    let stages = (object["stages"]?.arrayValue ?? []).compactMap { $0["stage"]?.stringValue }
    #expect(stages.first == "normalize.unicode@1" && stages.last == "classify.recurrent@1")
    let ngrams = object["stages"]?.arrayValue?.first { $0["stage"] == "features.ngrams@1" }
    #expect(ngrams?["options"]?["maximum"] == 4)
    let table = try seqtool.run("inspect", "m").output
    for tensor in object["tensors"]?.arrayValue ?? [] {
      let name = try #require(tensor["name"]?.stringValue)
      #expect(table.contains(" \(name) "))
    }
    for stage in stages { #expect(table.contains(stage)) }
  }

  /// The command does not compare its own bytes with their digest at each start; this does.
  @Test func theBuiltInModelIsWhole() throws {
    let path = BinaryRunner.packageFolder + "/Sources/CDefaultModel/default.seqmodel"
    let file = try BinaryRunner().run("inspect", "--json", path)
    #expect(file.code == 0, "\(file.errors)")
    let builtIn = try BinaryRunner().run("inspect", "--json")
    let digests = try [file, builtIn].map { try JSONParser.parse($0.stdout)["sha256"]?.stringValue }
    #expect(digests[0] != nil && digests[0] == digests[1])
  }
}
