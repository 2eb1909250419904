import Pipeline
import Seq
import Tokenize

/// Labels names as they come from anywhere: each is answered before the next is asked for.
func label(
  _ names: AsyncStream<String>, model path: String, answer: (String) -> Void
) async throws {
  let registry = try Registry(PipelineStages.all + TokenizeStages.all + SeqStages.all)
  let chain = try ModelFile.read(path, registry: registry).chain
  for try await answers in chain.stream(of: names, as: PredictionChunk.self, chunkSize: 1) {
    let best = zip(answers.labels, answers.row(0)).max { $0.1 < $1.1 }
    answer(best?.0 ?? "")
  }
}
