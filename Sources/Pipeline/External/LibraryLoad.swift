/// Runs the stage of a dynamic library (`seqtool_plugin.h`) in this process. Nothing can hold code
/// that runs in the process: load only what you would link. What it answers is checked all the same.
///
/// A library stays loaded until the process ends.
public struct LibraryLoad: Stage {
  public struct Options: StageOptions {
    public var path = ""
    /// The library's own options, a JSON text that only it understands.
    public var options = "{}"
    /// Bytes of one record of a reply.
    public var maxRecord = 16 << 20

    public init() {}
  }

  public static let descriptor = StageDescriptor(
    id: "library.load@1", summary: "Run a dynamic library on the records", input: .text,
    output: .text, door: .library,
    options: [
      OptionDescriptor("path", "Path of the library, with a slash in it"),
      OptionDescriptor("options", "The library's own options, as JSON"),
      OptionDescriptor("maxRecord", "Bytes of one record of a reply"),
    ])

  public let options: Options
  /// What the library says of itself.
  public var id: String { library.id }
  public var summary: String { library.summary }

  private let library: DynamicLibrary

  /// Loads the library.
  /// - Throws: `PipelineError.malformedOption`, `.pluginFailed`.
  public init(options: Options, resources: ResourceReader = ResourceReader()) throws {
    self.options = options
    guard options.path.utf8.contains(UInt8(ascii: "/")), !options.path.utf8.contains(0) else {
      throw PipelineError.malformedOption(
        stage: Self.descriptor.id, name: "path",
        problem: "must be a path with a slash in it, as in ./fix.so")
    }
    guard 1...(1 << 30) ~= options.maxRecord else {
      throw PipelineError.malformedOption(
        stage: Self.descriptor.id, name: "maxRecord", problem: "must be 1 to 1073741824 bytes")
    }
    do {
      _ = try JSONParser.parse(options.options.utf8)
    } catch let error as PipelineError {
      throw PipelineError.malformedOption(
        stage: Self.descriptor.id, name: "options", problem: error.description)
    }
    library = try DynamicLibrary(options.path)
  }

  public func makeRunner(_ context: RunContext) throws -> any StageRunner<TextChunk, TextChunk> {
    LibraryRunner(
      state: try library.makeState(options.options), maxRecord: options.maxRecord,
      tracksOffsets: context.tracksOffsets)
  }
}
