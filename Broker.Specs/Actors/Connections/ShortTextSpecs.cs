using Broker.Actors.Connections;

namespace Broker.Specs.Actors.Connections;

public sealed class ShortTextSpecs
{
    [Fact]
    public void What_is_short_stays_as_it_is() => new string('x', ShortText.Longest).Shortened().Should().Be(new string('x', ShortText.Longest));

    [Fact]
    public void What_is_long_has_its_beginning_and_an_ellipsis() =>
        new string('x', 65_535).Shortened().Should().Be(new string('x', ShortText.Longest) + "…");

    [Fact]
    public void No_character_is_cut_in_half() =>
        (new string('x', ShortText.Longest - 1) + "😀").Shortened().Should().Be(new string('x', ShortText.Longest - 1) + "…");
}
