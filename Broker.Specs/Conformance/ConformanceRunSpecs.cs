using Broker.Protocol.Packets;
using Broker.Specs.Conformance.Run;
using Broker.Specs.Conformance.Table;
using Broker.Specs.EndToEnd.Harness;

namespace Broker.Specs.Conformance;

/// <summary>What a run against a broker comes to, and how it is kept.</summary>
public class ConformanceRunSpecs
{
    private static readonly Outcome Met = new(Verdict.Met);
    private static readonly Outcome NotMet = new(Verdict.NotMet, "A.B: why not");
    private static readonly Outcome Skipped = new(Verdict.Skipped, "A.C: needs something");

    [Fact]
    public void A_statement_is_not_met_where_one_spec_fails_and_skipped_only_where_none_could_be_run()
    {
        Outcome.Of([Met, Skipped, NotMet]).Should().Be(NotMet);
        Outcome.Of([Skipped, Met]).Should().Be(Met);
        Outcome.Of([Skipped]).Should().Be(Skipped);
    }

    [Fact]
    public void Results_are_read_as_they_were_written()
    {
        using var folder = new TemporaryFolder();
        var outcomes = new Dictionary<(ProtocolVersion, string), Outcome>
        {
            [(ProtocolVersion.V311, "MQTT-3.3.1.-1")] = Met,
            [(ProtocolVersion.V311, "MQTT-2.3.1-1")] = NotMet,
            [(ProtocolVersion.V5, "MQTT-4.8.2-1")] = Skipped,
        };

        PeerResults.Write(folder.File("peer.tsv"), "Some Broker 1.0", new DateTimeOffset(2026, 2, 1, 23, 0, 0, TimeSpan.Zero), outcomes);
        var read = PeerResults.In(folder.FullName).Should().ContainSingle().Which;

        (read.Name, read.Date).Should().Be(("Some Broker 1.0", "2026-02-01"));
        read.Outcomes.Should().BeEquivalentTo(outcomes);
    }
}
