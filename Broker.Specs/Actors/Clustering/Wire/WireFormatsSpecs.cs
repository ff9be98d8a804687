using Broker.Actors.Clustering.Wire;

namespace Broker.Specs.Actors.Clustering.Wire;

/// <summary>All lists together: the rooms that write them do not see each other's.</summary>
public class WireFormatsSpecs
{
    [Fact]
    public void No_two_forms_have_the_same_manifest_or_type()
    {
        WireFormats.All.Select(format => format.Manifest).Should().OnlyHaveUniqueItems();
        WireFormats.All.Select(format => format.Type).Should().OnlyHaveUniqueItems();
    }
}
