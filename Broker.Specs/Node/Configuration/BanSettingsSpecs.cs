using Broker.Actors.Hosting;

namespace Broker.Specs.Node.Configuration;

public sealed class BanSettingsSpecs
{
    [Fact]
    public void Nobody_is_banned_unless_it_is_said()
    {
        Given.Options().Broker.Bans.Should().Be(new BanOptions { BadLogins = 0, Connects = 0 });
        Given.Options("mqtt.bans={ bad-logins = 20, connects = 30, window = 10s, duration = 1h }").Broker.Bans.Should().Be(
            new BanOptions { BadLogins = 20, Connects = 30, Window = TimeSpan.FromSeconds(10), Duration = TimeSpan.FromHours(1) });
    }

    [Theory]
    [InlineData("mqtt.bans.bad-logins=-1", "must be a whole number, 0 or more.")]
    [InlineData("mqtt.bans.connects=some", "must be a whole number, 0 or more.")]
    [InlineData("mqtt.bans.window=0", "must be a duration*from 1s to 1d.")]
    [InlineData("mqtt.bans.duration=2d", "must be a duration*from 1s to 1d.")]
    public void A_wrong_value_is_refused(string set, string rule) => Given.Problem(set).Should().Match($"*: {rule}");
}
