public import Pipeline

/// Brings every record into a normal form (UAX #15), by ICU.
///
/// ASCII text is normal in every form but NFKC_Casefold, which lowers it. Time is linear in the
/// length of a record in every form, also for long runs of combining marks.
public struct NormalizeUnicode: Stage {
  public struct Options: StageOptions {
    public var form: NormalForm

    public init() { self.init(form: .nfc) }
    public init(form: NormalForm) { self.form = form }
  }

  public static let descriptor = StageDescriptor(
    id: "normalize.unicode@1", summary: "Bring text into a Unicode normal form", input: .text,
    output: .text,
    options: [
      OptionDescriptor(
        "form", "The normal form", choices: NormalForm.allCases.map(\.rawValue))
    ])

  public let options: Options

  public init(options: Options = Options(), resources: ResourceReader = ResourceReader()) {
    self.options = options
  }

  public func makeRunner(_ context: RunContext) -> any StageRunner<TextChunk, TextChunk> {
    RewritingRunner(
      Rewriter(form: options.form), stage: Self.descriptor.id, context: context)
  }
}

extension NormalizeUnicode {
  private struct Rewriter: RecordRewriter {
    let form: Int32?
    let asciiRule: ASCIIRule
    // A line feed neither decomposes nor composes.
    let rewritesLinesAlone = true

    init(form: NormalForm) {
      self.form = form.number
      asciiRule = form == .nfkcCasefold ? .lowercased : .unchanged
    }

    func rewrite(_ record: UnsafeBufferPointer<UInt8>, into output: inout RecordBuffer) throws {
      if let form { return try output.normalize(record, to: form) }
      try output.copy(record, removing: 0)
    }
  }
}
