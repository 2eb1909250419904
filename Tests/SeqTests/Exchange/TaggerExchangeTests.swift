import Pipeline
import Seq
import Testing

@Suite struct TaggerExchangeTests {
  @Test func theGraphSpellsWordsAndHandsTheFieldOut() throws {
    let file = try ONNXFile(try SampleTagger().make().onnx(metadata: ["a": "b"]))
    #expect(
      file.inputs == [
        "ids: 7 [\"batch\", \"time\"]", "lengths: 7 [\"batch\"]",
        "characters: 7 [\"batch\", \"time\", \"characters\"]",
        "character_lengths: 7 [\"batch\", \"time\"]",
      ])
    #expect(
      file.outputs == [
        "scores: 1 [\"batch\", \"time\", \"5\"]", "start: 1 [\"5\"]",
        "transitions: 1 [\"5\", \"5\"]", "end: 1 [\"5\"]",
      ])
    #expect(file.nodes.count { $0.operation == "LSTM" } == 3)
    #expect(file.constants["speller_l0_R"]?.shape == [2, 28, 7])
    #expect(file.constants["rnn_l0_W"]?.shape == [2, 52, 20])
    var plain = SampleTagger(cell: "gru", decoder: .softmax)
    plain.options.characterHidden = 0
    let other = try ONNXFile(try plain.make().onnx())
    #expect(other.inputs.count == 2 && other.outputs.count == 1)
  }

  @Test func weightsComeBackBitForBit() throws {
    let file = try SampleTagger().make().stateDictionary()
    let other = try SampleTagger().make(seed: 9)
    #expect(other.stateDictionary() != file)
    let back = try other.replacingWeights(by: StateDictionary(file, file: "f"))
    #expect(back.stateDictionary() == file)
  }

  /// Padded rows against the sentences themselves.
  @Test(arguments: [true, false])
  func answersAreCompared(spells: Bool) throws {
    var sample = SampleTagger()
    if !spells { sample.options.characterHidden = 0 }
    let tagger = try sample.make()
    var chunk = IDChunk(ids: [3, 1, 4, 1, 5, 9], recordEnds: [2, 6])
    chunk.spelling = Spelling(ids: [2, 7, 1, 8, 2, 8, 1], tokenEnds: [2, 2, 3, 5, 6, 7])
    let scores = try tagger.scores(chunk).values
    let padded = Array(scores[..<10]) + [Float](repeating: 7, count: 10) + scores[10...]
    func difference(
      _ scores: [Float], lengths: [Int64] = [2, 4], more: [String: NPYArray] = [:]
    ) throws -> Double {
      try tagger.largestDifference(
        from: more.merging([
          "ids": .of(.int64, [2, 4], [3, 1, 0, 0, 4, 1, 5, 9] as [Int64]),
          "lengths": .of(.int64, [2], lengths),
          "characters": .of(
            .int64, [2, 4, 2], [2, 7, 0, 0, 0, 0, 0, 0, 1, 0, 8, 2, 8, 0, 1, 0] as [Int64]),
          "character_lengths": .of(.int64, [2, 4], [2, 0, 0, 0, 1, 2, 1, 1] as [Int64]),
          "scores": .of(.float32, [2, 4, 5], scores),
        ]) { first, _ in first }, file: "f")
    }
    #expect(try difference(padded) == 0)
    var wrong = padded
    wrong[21] += 0.5
    #expect(abs(try difference(wrong) - 0.5) < 1e-5)
    var field = try #require(tagger.fieldScores.first { $0.name == "transitions" }).values
    field[7] += 0.25
    let transitions = try NPYArray.of(.float32, [5, 5], field)
    #expect(abs(try difference(padded, more: ["transitions": transitions]) - 0.25) < 1e-5)
    #expect(throws: SeqError.self) { try difference(padded, more: ["start": transitions]) }
    #expect(throws: SeqError.self) {
      try difference(padded, more: ["ids": .of(.int64, [2, 0], [] as [Int64])])
    }
    #expect(throws: SeqError.self) { try difference(padded, lengths: [0, 4]) }
    #expect(throws: SeqError.self) { try difference(padded, lengths: [2, 5]) }
  }
}
