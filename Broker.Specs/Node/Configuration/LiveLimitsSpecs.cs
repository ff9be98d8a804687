using Broker.Actors.Hosting;
using Broker.Node.Configuration;

namespace Broker.Specs.Node.Configuration;

/// <summary>Limits that are changed while the node runs, by the rules of the settings.</summary>
public sealed class LiveLimitsSpecs
{
    private readonly List<LimitsOptions> _applied = [];
    private readonly LiveLimits _limits;

    public LiveLimitsSpecs()
    {
        var configuration = ConfigurationLoader.Load([], ["mqtt.limits.max-connections=7"], new Dictionary<string, string>());
        _limits = new LiveLimits(configuration, NodeSettings.Read(configuration, "1").Broker.Limits) { Changed = _applied.Add };
    }

    [Fact]
    public void A_change_holds_and_leaves_the_others()
    {
        _limits.TrySet("max-queued-bytes", "1MiB").Should().BeNull();
        _limits.TrySet("max-keep-alive", "120s").Should().BeNull();
        _limits.TrySet("max-queued-bytes", "2MiB").Should().BeNull();

        _applied.Should().HaveCount(3);
        _limits.Now.Should().BeSameAs(_applied[^1]).And.BeEquivalentTo(new
        {
            MaxConnections = 7,
            MaxQueuedBytes = 2L << 20,
            MaxKeepAlive = TimeSpan.FromMinutes(2),
            MaxQueuedMessages = 1_000,
        });
        EffectiveConfiguration.Lines(_limits.Configuration).Should().Contain("mqtt.limits.max-queued-bytes = 2MiB  # changed while running");
    }

    [Theory]
    [InlineData("max-connections", "-1", "mqtt.limits.max-connections = -1 (changed while running): must be a whole number, 0 or more.")]
    [InlineData("max-keep-alive", "100ms", "mqtt.limits.max-keep-alive = 100ms (changed while running): must be a duration with its unit")]
    [InlineData("queue-full", "drop-all", "mqtt.limits.queue-full = drop-all (changed while running): must be one of drop-newest, drop-oldest.")]
    [InlineData("max-packet-size", "1024", "mqtt.limits.connect-packet-size = 64KiB (reference.conf): must not be more than mqtt.limits.max-packet-size")]
    [InlineData("max-inflight", "1\nmqtt.limits.max-connections = 1", "mqtt.limits.max-inflight")]
    [InlineData("max-conections", "1", "\"max-conections\" is no limit that can be changed while the node runs, the nearest is max-connections")]
    [InlineData("receive-maximum", "1", "\"receive-maximum\" is no limit that can be changed while the node runs")]
    public void What_the_settings_would_refuse_is_refused_in_their_words(string name, string value, string problem)
    {
        var before = _limits.Now;

        _limits.TrySet(name, value).Should().StartWith(problem);

        _limits.Now.Should().BeSameAs(before);
        _applied.Should().BeEmpty();
        _limits.TrySet("max-connections", "9").Should().BeNull("what was refused leaves nothing behind");
    }

    [Fact]
    public void Each_that_can_be_changed_is_a_setting_and_is_described_with_its_value_and_origin()
    {
        var rows = _limits.Describe();

        rows.Select(row => row.Name).Should().Equal(LiveLimits.Names).And.BeInAscendingOrder(StringComparer.Ordinal);
        rows.Should().OnlyContain(row => row.Value.Length > 0 && row.Origin.Length > 0);
        rows.Single(row => row.Name == "max-connections").Should().BeEquivalentTo(new { Value = "7", Origin = "--set mqtt.limits.max-connections" });
        foreach (var row in rows)
        {
            _limits.TrySet(row.Name, row.Value).Should().BeNull(row.Name);
        }
    }
}
