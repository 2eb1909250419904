@testable import Pipeline
@testable import Tokenize

/// The stages from text to text.
struct NormaliseTarget: FuzzTarget {
  private let checks: [(check: StageCheck, form: NormalForm?)]

  init() throws {
    let forms = NormalForm.allCases.map {
      (StageCheck(NormalizeUnicode(options: .init(form: $0))), $0)
    }
    let others: [any Stage] =
      try NormalizeCase.Mode.allCases.flatMap { mode in
        try ["", "tr", "lt", "el"].map { try Self.caseStage(mode, $0) }
      } + [
        NormalizeAccents(), NormalizeWhitespace(), NormalizeDigits(options: .init(runs: false)),
        NormalizeDigits(options: .init(runs: true)), NormalizePunctuation(),
        NormalizePunctuation(options: .init(symbols: true)),
      ]
      + ["Any-Latin; Latin-ASCII", "ä > ae; ß > ss;", "Any-Upper", "[:Mn:] Remove"].map {
        try NormalizeTransliterate(options: .init(rules: $0))
      }
    checks = forms.map { ($0, Optional($1)) } + others.map { (StageCheck($0), nil) }
  }

  private static func caseStage(_ mode: NormalizeCase.Mode, _ locale: String) throws -> any Stage {
    try NormalizeCase(options: .init(mode: mode, locale: locale))
  }

  func test(_ input: [UInt8]) throws {
    var source = ByteSource(input)
    let (check, form) = source.choice(of: checks)
    let cut = source.byte()
    let flags = source.byte()
    let (isTracked, isFresh) = (flags & 1 == 1, flags >> 3 == 31)
    let text = TextChunk(lines: source.rest)
    let plain = try check.run(text, cutAt: cut, RunContext(), isFresh: isFresh, as: TextChunk.self)
    for i in 0..<plain.count {
      law(
        String(validating: plain.bytes(i), as: UTF8.self) != nil,
        "\(check.name): record \(i) is not well formed")
    }
    if let form { try checkForm(form, plain, of: text, check, cut) }
    guard isTracked else { return }
    let tracked = try check.run(
      text, cutAt: cut, RunContext(tracksOffsets: true), as: TextChunk.self)
    law(
      tracked.bytes == plain.bytes && tracked.ends == plain.ends, "\(check.name): offsets change it"
    )
    checkOffsets(tracked, of: text, check.name)
  }

  private func checkForm(
    _ form: NormalForm, _ result: TextChunk, of text: TextChunk, _ check: StageCheck, _ cut: Int
  ) throws {
    guard let number = form.number else {
      return law(result.bytes == text.bytes, "no form changes the text")
    }
    for i in 0..<text.count {
      let expected = Reference.normalize(text.bytes(i), number)
      law(
        result.bytes(i) == expected,
        "\(form): \(text.string(i).debugDescription) gives \(result.string(i).debugDescription)")
    }
    let again = try check.run(result, cutAt: cut, RunContext(), as: TextChunk.self)
    law(again.bytes == result.bytes, "\(form) twice is not \(form) once")
  }

  private func checkOffsets(_ result: TextChunk, of text: TextChunk, _ name: String) {
    guard let alignment = result.alignment, alignment.starts.count == result.bytes.count,
      alignment.ends.count == result.bytes.count
    else { fail("\(name): not one range for each byte") }
    for i in 0..<result.count {
      let original = text.bytes(i)
      func isBorder(_ at: UInt32) -> Bool {
        at == original.count || at < original.count && original[Int(at)] & 0xC0 != 0x80
      }
      for byte in result.range(i) {
        let (start, end) = (alignment.starts[byte], alignment.ends[byte])
        law(
          start <= end && isBorder(start) && isBorder(end),
          "\(name): byte \(byte) stands for \(start)..<\(end) of \(original.count)")
      }
    }
  }

  func seeds(_ project: ProjectFiles) throws -> [[UInt8]] {
    try TextSeeds.all(project).enumerated().map { i, text in
      text + [UInt8(i & 1), 1, UInt8(i % checks.count)]
    }
  }
}
