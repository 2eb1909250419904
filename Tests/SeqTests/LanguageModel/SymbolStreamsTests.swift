import Seq
import Testing

@Suite struct SymbolStreamsTests {
  @Test(arguments: [1, 2, 3, 4, 7, 10])
  func everySymbolIsPredictedOnceFromTheOneBefore(count: Int) {
    let text = (0..<10).map { Int32($0 + 100) }
    let streams = SymbolStreams(text, count: count, end: 7)
    #expect(streams.count == count)
    for size in 1...6 {
      var found: [Int32] = []
      for start in stride(from: 0, to: streams.stepCount, by: size) {
        for shard in SymbolStreams.shards(count) {
          let window = streams.window(start..<start + size, of: shard)
          #expect(window.ids.count == window.layout.rowCount)
          for (id, target) in zip(window.ids, window.targets) {
            #expect(id == (target == 100 ? 7 : target - 1))
            found.append(target)
          }
        }
      }
      #expect(found.sorted() == text)
    }
  }

  @Test func piecesDifferByAtMostOneAndFall() {
    let streams = SymbolStreams((0..<11).map { Int32($0) }, count: 4, end: 0)
    #expect(streams.stepCount == 3)
    #expect(streams.window(0..<3, of: [0, 1, 2, 3]).layout.lengths == [3, 3, 3, 2])
    #expect(streams.window(2..<9, of: [0, 1, 2, 3]).layout.lengths == [1, 1, 1])
  }
}
