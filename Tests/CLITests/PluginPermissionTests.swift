import TestSupport
import Testing

/// Who may run programs and libraries: the command line, never a file by itself.
@Suite(.timeLimit(.minutes(5))) struct PluginPermissionTests: PluginSuite {
  let folder: TemporaryFolder
  let seqtool: BinaryRunner

  init() throws { (folder, seqtool) = try Self.fixture() }

  @Test func aFileRunsAProgramOnlyWhereTheUserSaysSo() throws {
    try python("sys.stdout.write(sys.stdin.read().upper())")
    try folder.write(
      "p.yaml", "- stage: normalize.unicode\n- {stage: process.run, program: ./plugin}\n")
    let refused: [[String]] = [
      [], ["--allow-library"], ["--dump-config"], ["--set", "2.timeLimit=5"],
      ["--set", "2.program=/bin/cat"], ["-o", "out"],
    ]
    for flags in refused {
      let result = try seqtool.run(["run", "p.yaml", "-"] + flags, input: "a\n".utf8)
      try expectFault(result, 64, "p.yaml:2: ")
      #expect(result.errors.contains("--allow-exec") && result.stdout.isEmpty)
    }
    #expect(try processes().started == 0)
    let allowed = try seqtool.run("run", "p.yaml", "-", "--allow-exec", text: "a\n")
    #expect(allowed.output == "A\n" && allowed.stderr.isEmpty, "\(allowed.errors)")
    var other = seqtool
    other.environment["SEQTOOL_ALLOW_EXEC"] = "true"
    #expect(try other.run("run", "p.yaml", "-", text: "a\n").output == "A\n")
    other.environment["SEQTOOL_ALLOW_EXEC"] = "false"
    #expect(try other.run("run", "p.yaml", "-", text: "a\n").code == 64)
  }

  /// Loading runs the library's constructors, so the refusal must come first.
  @Test func aFileLoadsALibraryOnlyWhereTheUserSaysSo() throws {
    try folder.write(
      "mark.c",
      """
      #include <fcntl.h>
      __attribute__((constructor)) static void mark(void) { open("loaded", O_CREAT, 0600); }

      """)
    #expect(try seqtool.shell("cc -shared -fPIC mark.c -o mark.so").code == 0)
    try folder.write("p.yaml", "- {stage: library.load, path: ./mark.so}\n")
    try folder.write(
      "both.yaml",
      "- {stage: library.load, path: ./mark.so}\n- {stage: process.run, program: /bin/cat}\n")
    let refused = [
      ["p.yaml"], ["p.yaml", "--allow-exec"], ["p.yaml", "--dump-config"],
      ["both.yaml", "--allow-library"],
    ]
    for arguments in refused {
      try expectFault(try seqtool.run(["run"] + arguments), 64, ".yaml:")
      #expect(throws: (any Error).self) { try folder.read("loaded") }
    }
    let allowed = try seqtool.run("run", "p.yaml", "--allow-library", text: "a\n")
    try expectFault(allowed, 69, "exports no seqtool_plugin_v1")
    #expect(try folder.read("loaded") == [])
  }

  @Test func aConfigurationFileAllowsNothing() throws {
    try python("sys.stdout.write(sys.stdin.read())")
    try folder.write("p.yaml", "- {stage: process.run, program: ./plugin}\n")
    let configurations = [
      "{\"run\": {\"allow-exec\": true}}", "{\"allow-exec\": true}",
      "{\"run\": {\"allow-library\": true}}", "{\"run\": {\"stage\": [\"exec:./plugin\"]}}",
      "{\"stage\": \"exec:./plugin\"}",
      "{\"run\": {\"stage\": [\"normalize.unicode\", \"process.run(program=./plugin)\"]}}",
      "{\"run\": {\"stage\": [\"library:./plugin\"]}}",
    ]
    for configuration in configurations {
      try folder.write("c.json", configuration)
      for variable in [false, true] {
        var runner = seqtool
        if variable { runner.environment["SEQTOOL_CONFIG"] = "c.json" }
        let flags = variable ? [] : ["--config", "c.json"]
        let result = try runner.run(["run", "p.yaml", "-"] + flags, input: "a\n".utf8)
        try expectFault(result, 64, "c.json:1: ")
      }
    }
    #expect(try processes().started == 0)
    // Other stages of a configuration are as good as ever.
    try folder.write("c.json", "{\"run\": {\"stage\": \"normalize.case(mode=lower)\"}}")
    #expect(try seqtool.run("run", "--config", "c.json", text: "A\n").output == "a\n")
  }
}
