import RecurrentCore
import Testing

@Suite struct NearestNameTests {
  @Test(arguments: [
    ("pm25", "pm2.5"), ("temprature", "temperature"), ("TEMP", "temp"), ("dew_piont", "dew_point"),
    ("presure", "pressure"),
  ])
  func findsTheNameThatWasMeant(_ mistyped: String, _ meant: String) {
    let names = ["pm2.5", "temp", "temperature", "pressure", "dew_point"]
    #expect(nearestName(to: mistyped, among: names) == meant)
  }

  @Test func staysSilentWhereNothingIsClose() {
    #expect(nearestName(to: "humidity", among: ["pm2.5", "wind"]) == nil)
    #expect(nearestName(to: "x", among: [String]()) == nil)
  }

  @Test func prefersTheNearerAndThenTheFirst() {
    #expect(nearestName(to: "wind_sped", among: ["wind_spread", "wind_speed"]) == "wind_speed")
    #expect(nearestName(to: "colum", among: ["column", "colums"]) == "column")
  }

  @Test func swappedNeighboursCountOnce() {
    // Two substitutions would be too many for a name of four letters.
    #expect(nearestName(to: "epoh", among: ["epho"]) == "epho")
  }
}
