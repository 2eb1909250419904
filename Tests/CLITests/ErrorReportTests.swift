import TestSupport
import Testing

@Suite struct ErrorReportTests {
  private let seqtool = BinaryRunner()

  @Test(arguments: [
    (["--bogus"], 64), (["frob"], 64), (["normalize", "--bogus"], 64),
    (["normalize", "--form", "nfx"], 64), (["normalize", "--lowercase", "--casefold"], 64),
    (["normalize", "--locale", "tr"], 64), (["normalize", "--max-record", "3X"], 64),
    (["normalize", "--max-record", "0"], 64), (["normalize", "--threads", "-1"], 64),
    (["normalize", "--max-latency", "5"], 64), (["tokenize", "--by", "syllable"], 64),
    (["stages", "normalize.unicod@1"], 64), (["classify", "-k", "0"], 64),
    (["classify", "--min-prob", "2", "--else", "x"], 64), (["classify", "--min-prob", "0.5"], 64),
    (["classify", "--label-only", "--jsonl"], 64), (["evaluate"], 64),
    (["evaluate", "x.tsv", "--fail-under", "speed=3"], 64),
    (["normalize", "/nonexistent/file"], 66), (["normalize", "/"], 66),
    (["inspect", "/nonexistent/file"], 66), (["classify", "-m", "/nonexistent/file"], 66),
    (["inspect", "README.md"], 65), (["inspect", "/dev/null"], 65),
  ])
  func everyErrorIsOneLineWithItsCode(arguments: [String], code: Int) throws {
    let result = try seqtool.run(arguments)
    #expect(result.code == code, "\(result.errors)")
    #expect(result.stdout.isEmpty)
    #expect(result.errors.hasPrefix("seqtool: "))
    #expect(result.errors.hasSuffix("\n") && result.errors.count { $0.isNewline } == 1)
    #expect(!result.errors.contains("Error:"))
  }

  @Test func aWrongChoiceListsTheKnownOnes() throws {
    let result = try seqtool.run("normalize", "--form", "nfx")
    #expect(result.errors.contains(": nfc, nfd, nfkc, nfkd, nfkc-casefold, none (see "))
  }

  @Test func bytesOfTheInputAreEscaped() throws {
    let result = try seqtool.run(["normalize", "no\u{1B}[31m\nsuch\u{7F}"])
    #expect(result.code == 66)
    #expect(result.stderr.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x0A })
    #expect(result.stderr.count { $0 == 0x0A } == 1)
  }

  @Test(arguments: [
    ["--help"], ["--version"], ["classify", "--help"], ["help", "tokenize"], ["stages"],
    ["--generate-completion-script", "bash"],
  ])
  func answersGoToStdoutAndAFullDiskIsNoticed(arguments: [String]) throws {
    let result = try seqtool.run(arguments)
    #expect(result.code == 0)
    #expect(!result.stdout.isEmpty && result.stderr.isEmpty)
    let line = "seqtool " + arguments.joined(separator: " ")
    let full = try seqtool.shell(line + " > /dev/full")
    #expect(full.code == 74)
    #expect(full.errors.contains("No space left on device"))
    let closed = try seqtool.shell(line + " | true; exit ${PIPESTATUS[0]}")
    #expect(closed.code == 0 || closed.code == 141)
    #expect(closed.stderr.isEmpty)
  }
}
