import Seq
import Testing

@Suite struct NamesConfigurationTests {
  @Test func theNamesTellThemApart() {
    #expect(
      NamesConfiguration.all.map(\.name) == [
        "hidden 100, sgd 0.005, batch 1", "hidden 50, sgd 0.001, batch 1",
        "hidden 100, sgd 0.005, batch 1, L1 1e-05, L2 1e-05",
        "hidden 100, sgd 0.005, batch 1, variational dropout 0.4, clip 5.0",
        "hidden 100, adamw 0.002, batch 16, variational dropout 0.2, clip 5.0",
      ])
  }

  @Test func fourHavePublishedLosses() {
    let published = NamesConfiguration.all.map(\.published)
    #expect(published.map { $0?.dev } == [3.2547, 1.7544, 1.6978, 1.3728, nil])
    #expect(published.map { $0?.test } == [3.2738, 1.6523, 1.5477, 1.2689, nil])
    #expect(published.map { $0?.train } == [0.6441, 0.9307, 1.2028, 1.1252, nil])
  }

  @Test func everyOneHasAMeaning() throws {
    for configuration in NamesConfiguration.all {
      let architecture = configuration.architecture(symbols: 40)
      try architecture.validate()
      try configuration.training.validate()
      #expect(architecture.cell == "rnn" && architecture.pooling == "last")
      #expect(!architecture.bidirectional && architecture.features == 0)
      #expect(!configuration.training.calibrates)
    }
  }
}
