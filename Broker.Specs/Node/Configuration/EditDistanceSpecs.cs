using Broker.Node.Configuration;

namespace Broker.Specs.Node.Configuration;

public sealed class EditDistanceSpecs
{
    [Theory]
    [InlineData("", "", 0)]
    [InlineData("", "abc", 3)]
    [InlineData("port", "port", 0)]
    [InlineData("prot", "port", 1)]
    [InlineData("prt", "port", 1)]
    [InlineData("porrt", "port", 1)]
    [InlineData("bort", "port", 1)]
    [InlineData("host", "port", 2)]
    public void Slips_are_counted(string first, string second, int slips)
    {
        EditDistance.Between(first, second).Should().Be(slips);
        EditDistance.Between(second, first).Should().Be(slips);
    }

    [Fact]
    public void The_nearest_has_the_fewest()
    {
        EditDistance.Nearest("prot", ["host", "port", "pot"]).Should().Be("port");
        EditDistance.Nearest("prot", []).Should().BeNull();
    }
}
