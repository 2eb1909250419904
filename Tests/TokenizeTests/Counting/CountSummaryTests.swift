import TestSupport
import Testing
import Tokenize

@Suite struct CountSummaryTests {
  @Test func countsTypesAndTokens() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("c", "a\t90\nb\t8\nlonger\t1\nz\t1\n")
    let summary = try CountSummary(file: file)
    #expect(summary.types == 4 && summary.tokens == 100 && summary.once == 2)
    #expect(summary.specialTokens == 0 && summary.mostFrequent == 90)
    #expect(summary.longestToken == 6 && summary.isSortedByBytes)
    #expect(
      [0, 0.5, 0.9, 0.91, 0.98, 0.99, 1].map(summary.types(covering:)) == [0, 1, 1, 2, 2, 3, 4])
  }

  @Test func knowsAVocabularyByItsOrder() throws {
    let folder = try TemporaryFolder()
    let summary = try CountSummary(file: folder.write("v", "<unk>\t0\nz\t5\nb\t2\n"))
    #expect(summary.specialTokens == 1 && summary.types == 2 && !summary.isSortedByBytes)
    let empty = try CountSummary(file: folder.write("e", ""))
    #expect(empty.types == 0 && empty.types(covering: 1) == 0)
  }
}
