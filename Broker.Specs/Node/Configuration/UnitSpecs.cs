using Broker.Node.Configuration;

namespace Broker.Specs.Node.Configuration;

public sealed class ByteSizeSpecs
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("1048576", 1_048_576)]
    [InlineData("64KiB", 65_536)]
    [InlineData("1 MiB", 1_048_576)]
    [InlineData("2gib", 2_147_483_648)]
    [InlineData("3kB", 3_000)]
    [InlineData("4MB", 4_000_000)]
    [InlineData("5GB", 5_000_000_000)]
    [InlineData("6B", 6)]
    public void Sizes_have_units(string text, long bytes)
    {
        ByteSize.TryParse(text, out var parsed).Should().BeTrue();
        parsed.Should().Be(bytes);
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("-1")]
    [InlineData("1.5MiB")]
    [InlineData("1 TiBB")]
    [InlineData("9223372036854775807KiB")]
    [InlineData("99999999999999999999")]
    public void Others_are_none(string text) => ByteSize.TryParse(text, out _).Should().BeFalse();

    [Theory]
    [InlineData(0, "0")]
    [InlineData(1_048_576, "1MiB")]
    [InlineData(65_536, "64KiB")]
    [InlineData(268_435_460, "268435460")]
    public void They_are_shown_in_the_largest_unit(long bytes, string text) => ByteSize.Show(bytes).Should().Be(text);
}

public sealed class DurationSpecs
{
    [Theory]
    [InlineData("500ms", 0.5)]
    [InlineData("10s", 10)]
    [InlineData("10 seconds", 10)]
    [InlineData("1.5m", 90)]
    [InlineData("2h", 7_200)]
    [InlineData("30d", 2_592_000)]
    [InlineData("0", 0)]
    public void Durations_have_units(string text, double seconds)
    {
        Duration.TryParse(text, out var parsed).Should().BeTrue();
        parsed.Should().Be(TimeSpan.FromSeconds(seconds));
    }

    [Theory]
    [InlineData("")]
    [InlineData("10")]
    [InlineData("-1s")]
    [InlineData("1 fortnight")]
    [InlineData("s")]
    [InlineData("99999999999999d")]
    public void Others_are_none(string text) => Duration.TryParse(text, out _).Should().BeFalse();

    [Theory]
    [InlineData(0, "0")]
    [InlineData(500, "500ms")]
    [InlineData(90_000, "90s")]
    [InlineData(3_600_000, "1h")]
    [InlineData(2_592_000_000, "30d")]
    public void They_are_shown_in_the_largest_unit(long milliseconds, string text) =>
        Duration.Show(TimeSpan.FromMilliseconds(milliseconds)).Should().Be(text);
}
