import Pipeline
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(3))) struct LibraryLoadTests {
  /// Compiles C against the header of the package.
  static func compile(_ source: String, in folder: TemporaryFolder) throws -> String {
    let root = BinaryRunner.packageFolder
    let runner = BinaryRunner(folder: folder.path)
    let result = try runner.shell(
      "cc -shared -fPIC -Wall -Wextra -Werror -I '\(root)/Sources/CSeqtoolPlugin/include' "
        + "'\(source)' -o plugin.so")
    #expect(result.code == 0, "\(result.errors)")
    return folder.file("plugin.so")
  }

  /// A library with the given body of `process`, and of `create` where that matters.
  static func library(
    process: String, create: String = "*state = (void *)1; return 0;",
    version: String = "SEQTOOL_PLUGIN_VERSION", in folder: TemporaryFolder
  ) throws -> String {
    let source = """
      #include <stdio.h>
      #include "seqtool_plugin.h"
      #define UNUSED __attribute__((unused))
      typedef const struct seqtool_records *records_t;
      typedef const struct seqtool_sink *sink_t;
      static int create(UNUSED const char *options, void **state, UNUSED char *error,
        UNUSED size_t size) { \(create) }
      static void destroy(UNUSED void *state) {}
      static int process(UNUSED void *state, UNUSED records_t records, UNUSED sink_t sink,
        UNUSED char *error, UNUSED size_t size) { \(process) }
      static const struct seqtool_plugin_table_v1 table =
        {\(version), "test@1", "Tests", create, process, destroy};
      seqtool_plugin_v1_function seqtool_plugin_v1;
      const struct seqtool_plugin_table_v1 *seqtool_plugin_v1(void) { return &table; }

      """
    return try compile(folder.write("plugin.c", source), in: folder)
  }

  static func stage(_ path: String, _ options: String = "{}") throws -> LibraryLoad {
    var all = LibraryLoad.Options()
    (all.path, all.options) = (path, options)
    return try LibraryLoad(options: all)
  }

  @Test func theExampleInC() throws {
    let folder = try TemporaryFolder()
    let path = try Self.compile(PluginExamplesTests.folder + "c/swap_names.c", in: folder)
    let stage = try Self.stage(path)
    #expect(stage.id == "swap_names@1" && stage.summary.contains("given name"))
    #expect(try PluginExamplesTests.strings(stage) == PluginExamplesTests.swapped)
    #expect(try StageLaws.violations(of: stage, on: TextChunk(NaughtyText.records)) == [])
    #expect(
      try StageLaws.offsetViolations(of: stage, on: TextChunk(NaughtyText.records)) == [])
    let joined = try Self.stage(path, #"{"joiner":"_"}"#)
    #expect(try PluginExamplesTests.strings(joined)[0] == "Jane_Doe")
    let error = #expect(throws: PipelineError.self) {
      try AnyStage(Self.stage(path, #"{"other":1}"#)).makeRunner()
    }
    #expect("\(try #require(error))".contains("the only option is joiner"))
  }

  @Test(arguments: [
    ("return 0;", "took 2 records and gave 0"),
    (
      "for (int i = 0; i < 3; i++) sink->append(sink->context, (const uint8_t *)\"x\", 1); return 0;",
      "more records than the 2"
    ),
    (
      "for (int i = 0; i < 2; i++) sink->append(sink->context, (const uint8_t *)\"\\xff\", 1); return 0;",
      "not well-formed UTF-8"
    ),
    ("sink->append(sink->context, NULL, (size_t)1 << 40); return 0;", "gave 1"),
    (
      "static uint8_t x; sink->append(sink->context, &x, (size_t)1 << 40); return 0;", "longer than"
    ),
    ("snprintf(error, size, \"no\\nway\"); return 7;", "failed: no\\nway"),
  ])
  func faultsOfALibraryAreErrors(process: String, says: String) throws {
    let folder = try TemporaryFolder()
    let path = try Self.library(process: process, in: folder)
    let error = #expect(throws: PipelineError.self) {
      try StageLaws.run(Self.stage(path), on: [TextChunk(["a", "b"])])
    }
    let caught = try #require(error)
    #expect(caught.category == .plugin)
    #expect("\(caught)".hasPrefix("plugin \"\(path)\"") && "\(caught)".contains(says), "\(caught)")
  }

  @Test func whatIsNoPluginIsRefused() throws {
    let folder = try TemporaryFolder()
    let text = try folder.write("text.so", "no library")
    #expect(throws: PipelineError.self) { try Self.stage(text) }
    #expect(throws: PipelineError.self) { try Self.stage("libc.so.6") }
    let plain = try Self.compile(folder.write("plain.c", "int x;\n"), in: folder)
    let error = #expect(throws: PipelineError.self) { try Self.stage(plain) }
    #expect("\(try #require(error))".contains("exports no seqtool_plugin_v1"))
    let other = try TemporaryFolder()
    let newer = try Self.library(process: "return 0;", version: "2", in: other)
    let version = #expect(throws: PipelineError.self) { try Self.stage(newer) }
    #expect("\(try #require(version))".contains("its table has version 2"))
  }
}
