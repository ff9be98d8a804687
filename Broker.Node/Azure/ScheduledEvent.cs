using System.Globalization;
using System.Text.Json.Serialization;

namespace Broker.Node.Azure;

/// <summary>An event as the instance metadata service tells it (api-version 2020-07-01).</summary>
internal sealed record ScheduledEvent
{
    /// <summary>Names it in the approval.</summary>
    public string EventId { get; init; } = "";

    /// <summary>Freeze, Reboot, Redeploy, Preempt or Terminate.</summary>
    public string EventType { get; init; } = "";

    /// <summary>Scheduled, or Started.</summary>
    public string EventStatus { get; init; } = "";

    /// <summary>Names of all machines that it concerns.</summary>
    public IReadOnlyList<string> Resources { get; init; } = [];

    /// <summary>In the form of HTTP's dates, UTC; empty once it has started.</summary>
    public string NotBefore { get; init; } = "";

    /// <summary>For people.</summary>
    public string Description { get; init; } = "";

    /// <summary>How long there is until it may begin; zero: none, or nobody knows.</summary>
    public TimeSpan Until(DateTimeOffset now) =>
        DateTimeOffset.TryParse(NotBefore, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var begin) && begin > now ? begin - now : TimeSpan.Zero;

    /// <summary>Whether it concerns the machine.</summary>
    public bool Concerns(string machine) => Resources.Contains(machine, StringComparer.OrdinalIgnoreCase);
}

/// <summary>All that are known.</summary>
internal sealed record ScheduledEvents
{
    /// <summary>Grows with each change.</summary>
    public long DocumentIncarnation { get; init; }

    /// <summary>Of all machines of the availability or scale set.</summary>
    public IReadOnlyList<ScheduledEvent> Events { get; init; } = [];
}

/// <summary>The approval: these need not wait until NotBefore.</summary>
internal sealed record StartRequests([property: JsonPropertyName("StartRequests")] IReadOnlyList<StartRequest> Requests);

/// <summary>One of them.</summary>
internal sealed record StartRequest(string EventId);

/// <summary>Written and read without reflection; names as the service has them.</summary>
[JsonSerializable(typeof(ScheduledEvents))]
[JsonSerializable(typeof(StartRequests))]
internal sealed partial class AzureJson : JsonSerializerContext;
