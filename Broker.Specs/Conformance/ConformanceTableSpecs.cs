using Broker.Protocol.Packets;
using Broker.Specs.Conformance.Run;
using Broker.Specs.Conformance.Statements;
using Broker.Specs.Conformance.Table;

namespace Broker.Specs.Conformance;

/// <summary>The list of statements is whole, every one that binds servers is shown by a spec, and the table says so.</summary>
public class ConformanceTableSpecs
{
    [Theory]
    [InlineData(ProtocolVersion.V311, 135)]
    [InlineData(ProtocolVersion.V5, 250)]
    public void Lists_every_statement_of_the_standard_once(ProtocolVersion version, int count) =>
        Statement.All.Where(statement => statement.Version == version).Select(statement => statement.Id)
            .Should().HaveCount(count).And.OnlyHaveUniqueItems();

    [Fact]
    public void Has_a_spec_for_every_statement_that_binds_servers()
    {
        var shown = TaggedSpec.All.Where(tag => tag.JudgesBroker).Select(tag => (tag.Version, tag.Id)).ToHashSet();

        Statement.All.Where(statement => statement.BindsServers).Select(statement => (statement.Version, statement.Id))
            .Except(shown).Except(Exceptions.Inapplicable.Keys)
            .Should().BeEmpty();
    }

    [Fact]
    public void Excuses_no_statement_that_a_spec_shows()
    {
        var shown = TaggedSpec.All.Where(tag => tag.JudgesBroker).Select(tag => (tag.Version, tag.Id)).ToHashSet();

        Exceptions.Inapplicable.Keys.Where(shown.Contains).Should().BeEmpty();
    }

    [Fact]
    public void Knows_every_id_that_a_spec_is_tagged_with()
    {
        var known = Statement.All.Select(statement => (statement.Version, statement.Id)).ToHashSet();

        TaggedSpec.All.Select(tag => (tag.Version, tag.Id)).Concat(Exceptions.Inapplicable.Keys)
            .Where(key => !known.Contains(key)).Should().BeEmpty();
    }

    [Fact]
    public void Runs_every_spec_for_the_version_of_each_of_its_tags() =>
        TaggedSpec.All.Where(tag => !tag.Runs().Any()).Select(tag => $"{tag.Name} {tag.Version}").Should().BeEmpty();

    [Fact]
    public void Is_what_the_document_says() =>
        File.ReadAllText(Paths.Table).Should().Be(
            new ConformanceTable(PeerResults.In(Paths.Peers)).Write(),
            "docs/conformance.md is generated: dotnet run -c Release --project Broker.Bench -- conformance --table docs/conformance.md");
}
