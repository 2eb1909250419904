import TestSupport
import Testing

/// What a program may find at its start: closed descriptors, limits, a stdout that does not block.
/// `Tests/Long/pipes.py` and `save_faults.py` do the same for every command.
@Suite struct ProcessStartTests {
  private let folder: TemporaryFolder
  private let seqtool: BinaryRunner
  private let names = "'\(BinaryRunner.packageFolder)/data/names.txt'"

  init() throws {
    folder = try TemporaryFolder()
    seqtool = BinaryRunner(folder: folder.path)
  }

  @Test func aLimitOnTheSizeOfFilesIsAnErrorAndNoSignal() throws {
    try folder.write("out", "old\n")
    let saved = try seqtool.shell(
      """
      (ulimit -f 1; seqtool vocab bpe --size 300 \(names) -o out); code=$?
      cat out; ls -A; exit $code
      """)
    #expect(saved.code == 74)
    #expect(saved.errors.contains("out: ") && saved.errors.contains("File too large"))
    #expect(saved.output == "old\nout\n")
    let streamed = try seqtool.shell(
      "(ulimit -f 1; seqtool normalize \(names) > cut); code=$?; wc -c < cut; exit $code")
    #expect(streamed.code == 74)
    #expect(streamed.errors.contains("File too large"))
    #expect(streamed.output == "1024\n")
  }

  @Test func aFailedWriteNamesTheFileAndNotStdout() throws {
    for output in ["run --stage normalize.case -o out", "normalize --map out"] {
      let result = try seqtool.shell("(ulimit -f 1; seqtool \(output) \(names) > /dev/null)")
      #expect(result.code == 74)
      #expect(result.errors.hasPrefix("seqtool: out: write failed: File too large"))
      #expect(try seqtool.shell("ls -A").stdout.isEmpty)
    }
  }

  /// OpenBLAS tries for ever where it cannot map its buffers.
  @Test(arguments: [100, 150, 200, 300])
  func littleMemoryIsNoHang(megabytes: Int) throws {
    let result = try seqtool.shell(
      """
      ulimit -v \(megabytes * 1024)
      timeout 60 seqtool train classify '\(BinaryRunner.packageFolder)/data/names' -o m \
        --epochs 1 --hidden 4 --layers 1 --teacher none
      """)
    #expect(result.code != 124)
    // What is trained without it has other bits, which is said.
    if megabytes < 200, result.code == 0 { #expect(result.errors.contains("no BLAS")) }
  }

  @Test(arguments: ["1>&-", "0<&- 1>&-", "1>&- 2>&-", "0<&- 1>&- 2>&-"])
  func noFileGetsWhatIsMeantForStdout(closed: String) throws {
    let result = try seqtool.shell("seqtool normalize \(names) --map map \(closed)")
    #expect(result.code == 74)
    #expect(result.stdout.isEmpty)
    #expect(closed.contains("2>") || result.errors.contains("Bad file descriptor"))
    #expect(try seqtool.shell("ls -A").stdout.isEmpty)
  }

  @Test func noFileGetsWhatIsMeantForStderr() throws {
    let result = try seqtool.shell(
      """
      seqtool train classify '\(BinaryRunner.packageFolder)/data/names' -o m --epochs 1 --hidden 4 \
        --layers 1 --teacher none --log log 2>&-
      """)
    #expect(result.code == 0)
    let log = try seqtool.shell("cat log").lines
    #expect(log.count == 3)
    #expect(log.allSatisfy { $0.first == UInt8(ascii: "{") })
  }

  @Test func aStdoutThatDoesNotBlockGetsEverything() throws {
    guard try seqtool.shell("command -v python3").code == 0 else { return }
    let start = "import os; os.set_blocking(1, False); os.execvp('seqtool', ['seqtool', 'manual'])"
    let result = try seqtool.shell(
      "set -o pipefail; python3 -c \"\(start)\" | (sleep 0.3; cat)")
    #expect(result.code == 0)
    #expect(result.stderr.isEmpty)
    // More than a pipe holds.
    #expect(result.stdout.count > 65536)
    #expect(try result.stdout == seqtool.run("manual").stdout)
  }
}
