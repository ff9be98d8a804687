using Broker.Actors.Hosting;
using Broker.Node.Management.Api;

namespace Broker.Node.Configuration;

/// <summary>
/// The limits of this process that an operator may change while it runs, until it starts again: the same rules and messages hold as for the settings themselves. Any thread.
/// </summary>
/// <param name="configuration">At the start.</param>
/// <param name="limits">At the start.</param>
internal sealed class LiveLimits(LayeredConfiguration configuration, LimitsOptions limits)
{
    private const string Block = "mqtt.limits";
    private const string Origin = "changed while running";

    /// <summary>Those that are read where they are used. The others belong to the listeners and the process, or clients rely on what CONNACK told them.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "check-payload-format",
        "max-byte-rate",
        "max-client-id-length",
        "max-connections",
        "max-inflight",
        "max-keep-alive",
        "max-message-rate",
        "max-outbound-buffer",
        "max-packet-size",
        "max-queued-bytes",
        "max-queued-messages",
        "max-retained-bytes",
        "max-retained-messages",
        "max-session-expiry",
        "max-subscriptions",
        "max-topic-length",
        "max-topic-levels",
        "outbound-topic-alias-maximum",
        "queue-full",
        "rate-burst",
    ];

    private readonly Lock _gate = new();
    private readonly LayeredConfiguration _atStart = configuration;
    private readonly Dictionary<string, ConfigurationLayer> _changes = [];
    private volatile LayeredConfiguration _configuration = configuration;
    private volatile LimitsOptions _now = limits;

    /// <summary>What holds now.</summary>
    public LimitsOptions Now => _now;

    /// <summary>Every setting, those that were changed among them.</summary>
    public LayeredConfiguration Configuration => _configuration;

    /// <summary>Gets the limits once they are others; one change at a time.</summary>
    public Action<LimitsOptions> Changed { get; set; } = static _ => { };

    /// <summary>For operators.</summary>
    public IReadOnlyList<LimitRow> Describe()
    {
        var now = _configuration;
        return [.. Names.Select(name => (Name: name, Setting: now.Find(Key(name)))).Select(static limit => new LimitRow(
            limit.Name, limit.Setting is null ? "" : HoconText.Plain(limit.Setting.Value), limit.Setting?.Origin ?? ""))];
    }

    /// <summary>From now on; answers what is wrong, or null.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="value">As in a file of settings.</param>
    public string? TrySet(string name, string value)
    {
        if (!Names.Contains(name))
        {
            return $"\"{name}\" is no limit that can be changed while the node runs, the nearest is {EditDistance.Nearest(name, Names)}; all of them: {string.Join(", ", Names)}.";
        }

        lock (_gate)
        {
            var change = HoconSource.Text($"{Key(name)} = {HoconText.Quote(value)}", Origin);
            var changed = _atStart.With([.. _changes.Values.Where(other => other != _changes.GetValueOrDefault(name)), change]);
            var findings = new Findings();
            var options = NodeSettings.Read(changed, findings, version: "");

            // What was wrong before, a file that somebody is editing, is no reason to refuse.
            var before = new Findings();
            NodeSettings.Read(_configuration, before, version: "");
            string[] problems = [.. findings.Problems.Except(before.Problems)];
            if (problems.Length > 0)
            {
                return string.Join(' ', problems);
            }

            _changes[name] = change;
            _configuration = changed;
            _now = options.Broker.Limits;
            Changed(_now);
            return null;
        }
    }

    private static string Key(string name) => $"{Block}.{name}";
}
