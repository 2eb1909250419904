import Pipeline
import Seq

/// `classify` with a model of images: a line for each image of each FILE, in order.
struct ImageClassification {
  let chain: Chain
  let model: LeNet
  let formatter: PredictionFormatter

  func run(_ stream: StreamOptions) throws {
    let source = ImageSource(stream.files, needed: model.input)
    try OrderedPipeline(threads: Threads.count(stream.threads)).run(
      next: source.next, to: RecordWriter(), flushesEachChunk: stream.isInteractive
    ) {
      var runner = try chain.makeRunner()
      return { batch in
        let predictions = try runner.consume(batch.images, as: PredictionChunk.self)
        return try formatter.format(predictions, of: batch.names)
      }
    }
  }
}
