import Pipeline
import TestSupport
import Testing

@Suite struct ConfiguredCommandLineTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func seqtool(_ environment: [String: String] = [:]) -> BinaryRunner {
    BinaryRunner(folder: folder.path, environment: environment)
  }

  private func dump(
    _ arguments: [String], _ environment: [String: String] = [:]
  ) throws -> JSONValue {
    let result = try seqtool(environment).run(arguments + ["--dump-config"])
    #expect(result.code == 0 && result.stderr.isEmpty, "\(result.errors)")
    return try JSONParser.parse(result.stdout)
  }

  @Test func theNearerWordWins() throws {
    try folder.write("c.json", #"{"form": "nfkc", "normalize": {"form": "nfd"}}"#)
    try folder.write("shared.json", #"{"form": "nfkc"}"#)
    let variables = ["SEQTOOL_FORM": "nfkd"]
    let flags = ["normalize", "--set", "form=none", "--form", "nfkc-casefold"]
    let layers: [([String], [String: String], JSONValue)] = [
      (["normalize"], [:], "nfc"),
      (["normalize", "--config", "shared.json"], [:], "nfkc"),
      (["normalize", "--config", "c.json"], [:], "nfd"),
      (["normalize", "--config", "c.json"], variables, "nfkd"),
      (["normalize", "--config=c.json", "--set=form=none"], variables, "none"),
      (flags + ["--config", "c.json"], variables, "nfkc-casefold"),
      (["normalize"], ["SEQTOOL_CONFIG": "c.json"], "nfd"),
      (["normalize", "--config", "shared.json"], ["SEQTOOL_CONFIG": "c.json"], "nfkc"),
    ]
    for (arguments, environment, form) in layers {
      #expect(try dump(arguments, environment)["normalize"]?["form"] == form, "\(arguments)")
    }
  }

  @Test func whatIsMergedIsWhatRuns() throws {
    try folder.write("c.json", #"{"threads": 1, "normalize": {"lowercase": true, "form": "nfkc"}}"#)
    let text = "ＡÉ\n"
    let run = { (arguments: [String], variables: [String: String]) in
      try seqtool(variables).run(["normalize"] + arguments, input: text.utf8).output
    }
    #expect(try run(["--config", "c.json"], [:]) == "aé\n")
    #expect(try run(["--config", "c.json", "--set", "lowercase=false"], [:]) == "AÉ\n")
    #expect(try run(["--config", "c.json", "--form", "nfc"], [:]) == "ａé\n")
    #expect(try run([], ["SEQTOOL_STRIP_ACCENTS": "true"]) == "ＡE\n")
    #expect(try run([], ["SEQTOOL_DATA": "x", "SEQTOOL_LONG_TESTS": "1"]) == text)
    // Options of other commands do no harm, from a file or from the environment.
    try folder.write("other.json", #"{"k": 3, "train classify": {"hidden": 16}}"#)
    #expect(try run(["--config", "other.json"], ["SEQTOOL_EPOCHS": "3"]) == text)
  }

  @Test func valuesMayLookLikeAnything() throws {
    let run = { (separator: String) in
      try seqtool().run(
        ["tokenize", "--set", "separator=\(separator)"], input: "a b\n".utf8
      ).output
    }
    for separator in ["--", "-q", "=", "", "1.50", "true", "[]"] {
      #expect(try run(separator) == "a\(separator)b\n")
      let first = try seqtool().run(
        ["tokenize", "--set", "separator=\(separator)", "--dump-config"])
      try folder.write("d.json", first.stdout)
      let again = try seqtool().run(
        ["tokenize", "--config", "d.json"], input: "a b\n".utf8)
      #expect(again.output == "a\(separator)b\n")
    }
    // Behind `--` every word is a file.
    #expect(try seqtool().run(["tokenize", "--", "--set"]).code == 66)
  }

  @Test(arguments: [
    ["classify", "-k3", "-qz", "--set", "label-only=true", "-j", "2"],
    ["train", "classify", "--no-bidirectional", "--dev", "1%", "--learning-rate=0.5"],
    ["evaluate", "--set", "fail-under=accuracy=0.5", "--set", "fail-under=macro_f1=0.2"],
    ["normalize"], ["tokenize", "--separator", "0x1"], ["stages"], ["inspect", "--json"],
    ["encode", "-m", "m", "--no-special-tokens"], ["decode", "-m", "m"],
    ["batch", "--pad", "left"],
    ["doctor", "--strict"],
  ])
  func whatIsDumpedReadsBackToTheSame(arguments: [String]) throws {
    let first = try seqtool().run(arguments + ["--dump-config"])
    #expect(first.code == 0, "\(first.errors)")
    try folder.write("d.json", first.stdout)
    let command = Array(arguments.prefix(arguments[0] == "train" ? 2 : 1))
    let again = try seqtool().run(command + ["--config", "d.json", "--dump-config"])
    #expect(again == first)
  }

  @Test func everyLayerShowsInTheDump() throws {
    let classify = try dump(
      ["classify", "-k3", "-qz", "--set", "label-only=true", "--set", "model=1.50"],
      ["SEQTOOL_MIN_PROB": "0.5", "SEQTOOL_ELSE": "?"])["classify"]
    #expect(
      classify == [
        "k": 3, "precision": "float32", "quiet": true, "null": true, "label-only": true,
        "model": "1.50", "min-prob": 0.5, "else": "?", "explain": false, "invalid": "replace",
        "jsonl": false,
        "keep-cr": false, "line-buffered": false, "max-record": "16M", "threads": 0,
      ])
    let evaluate = try dump([
      "evaluate", "--set", "fail-under=accuracy=0.5", "--set", "fail-under=macro_f1=0.2",
    ])
    #expect(evaluate["evaluate"]?["fail-under"] == ["accuracy=0.5", "macro_f1=0.2"])
    let train = ["train", "classify"]
    #expect(try dump(train)["train classify"]?["bidirectional"] == nil)
    #expect(try dump(train + ["--no-bidirectional"])["train classify"]?["bidirectional"] == false)
  }

  @Test(arguments: [
    ("{\"classify\":\n {\"kk\": 3}}", 64, "c.json:2: unknown option \"kk\" (did you mean \"k\"?"),
    ("{\"k\": [],\n\"a\\u0062c\": 3}", 64, "c.json:2: unknown option \"abc\" ("),
    ("\n\n{\"x\": {\"k\": 1}, \"y\": 1}", 64, "c.json:3: unknown command \"x\" ("),
    ("{\"classify\": {\"k\": 1},\n \"evaluate\": {\n\"k\": 1}}", 64, "c.json:3: unknown option"),
    ("{\"k\":\n 3,,}", 65, "c.json:2:4: "), ("[1]", 65, "c.json:1: not an object"),
    ("", 65, "c.json:1:1: "), ("{\"k\": [1, 2]}", 64, "c.json:1: option \"k\" takes one value"),
    ("{\"k\": null}", 64, "c.json:1: option \"k\" takes a text"),
    ("{\n\"quiet\": \"yes\"}", 64, "c.json:2: option \"quiet\" takes true or false"),
    ("{\"threads\": 1,\n \"k\": 0}", 64, "c.json:2: -k 0 has no meaning"),
    ("{\"invalid\": \"x\"}", 64, "c.json:1: The value 'x' is invalid for '--invalid"),
    ("{\"config\": \"x\"}", 64, "c.json:1: unknown option \"config\""),
  ])
  func aWrongFileIsNamedWithItsLine(text: String, code: Int, message: String) throws {
    try folder.write("c.json", text)
    let result = try seqtool().run("classify", "--config", "c.json")
    #expect(result.code == code)
    #expect(result.errors.hasPrefix("seqtool: \(message)"), "\(result.errors)")
    #expect(result.errors.count { $0.isNewline } == 1 && result.stdout.isEmpty)
  }

  @Test func yamlSaysTheSame() throws {
    try folder.write("c.yaml", "# ours\nthreads: 2\nnormalize:\n  form: nfkc\n  lowercase: true\n")
    try folder.write("c.json", #"{"threads": 2, "normalize": {"form": "nfkc", "lowercase": true}}"#)
    #expect(
      try dump(["normalize", "--config", "c.yaml"]) == dump(["normalize", "--config", "c.json"]))
    try folder.write("empty.yml", "# nothing yet\n")
    #expect(try dump(["normalize", "--config", "empty.yml"]) == dump(["normalize"]))
    for (text, message) in [
      ("threads: 2\nnormalize:\n  from: nfc\n", "bad.yaml:3: unknown option \"from\""),
      ("k: 1\nk: 2\n", "bad.yaml:"), ("- 1\n", "bad.yaml:1: not an object"),
      ("a: [1\n", "bad.yaml:"),
    ] {
      try folder.write("bad.yaml", text)
      let result = try seqtool().run("normalize", "--config", "bad.yaml")
      #expect([64, 65].contains(result.code))
      #expect(result.errors.hasPrefix("seqtool: \(message)"), "\(result.errors)")
    }
  }

  @Test func aPipelineKeepsItsOwnWords() throws {
    try folder.write(
      "c.json", #"{"run": {"threads": 1, "stage": ["normalize.unicode(form=nfkc)"]}}"#)
    let result = try seqtool().run(["run", "--config", "c.json"], input: "Ａ\n".utf8)
    #expect(result.output == "A\n", "\(result.errors)")
    let set = try seqtool(["SEQTOOL_THREADS": "1"]).run(
      ["run", "--stage", "normalize.unicode", "--set", "1.form=nfkc"], input: "Ａ\n".utf8)
    #expect(set.output == "A\n", "\(set.errors)")
  }

  @Test func aWrongWordElsewhereIsNamedToo() throws {
    let errors = { (arguments: [String], variables: [String: String]) -> String in
      let result = try seqtool(variables).run(["normalize"] + arguments)
      #expect(result.code == 64)
      return result.errors
    }
    #expect(
      try errors([], ["SEQTOOL_THRAEDS": "1"]).contains("(did you mean \"SEQTOOL_THREADS\"?)"))
    #expect(
      try errors([], ["SEQTOOL_THREADS": "x"]).hasPrefix("seqtool: SEQTOOL_THREADS: The value"))
    #expect(try errors([], ["SEQTOOL_QUIET": "1"]).contains("takes true or false"))
    #expect(try errors(["--set", "forn=nfc"], [:]).contains("(did you mean \"form\"?"))
    #expect(try errors(["--set", "k=1"], [:]).contains("unknown option \"k\""))
    #expect(try errors(["--set", "form"], [:]).contains("write key=value"))
    #expect(try errors(["--config"], [:]).contains("Missing value for '--config"))
    #expect(try errors(["--dump-config", "--form", "x"], [:]).contains("'x' is invalid"))
    #expect(try seqtool().run("normalize", "--config", "nowhere.json").code == 66)
    // Help is given even so.
    #expect(try seqtool(["SEQTOOL_THRAEDS": "1"]).run("normalize", "--help").code == 0)
    #expect(try seqtool(["SEQTOOL_THRAEDS": "1"]).run("--version").code == 0)
  }

  @Test func everyCommandCanBeConfigured() throws {
    let description = try JSONParser.parse(
      try seqtool().run("--experimental-dump-help").stdout, maximumSize: 1 << 26)
    var count = 0
    func visit(_ command: JSONValue, _ path: String) {
      let children = command["subcommands"]?.arrayValue ?? []
      for child in children { visit(child, path + " " + (child["commandName"]?.stringValue ?? "")) }
      guard children.isEmpty, !path.hasSuffix(" help") else { return }
      count += 1
      let names = (command["arguments"]?.arrayValue ?? []).flatMap { $0["names"]?.arrayValue ?? [] }
      for name in ["set", "dump-config"] {
        #expect(names.contains { $0["name"]?.stringValue == name }, "\(path) has no --\(name)")
      }
    }
    visit(description["command"] ?? [:], "seqtool")
    #expect(count >= 17)
  }
}
