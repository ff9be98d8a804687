using System.ComponentModel;
using System.Text.Json.Serialization;
using Broker.Actors.Tracing;

namespace Broker.Node.Management.Api;

/// <summary>A setting in effect.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Value">As HOCON; what is secret is masked.</param>
/// <param name="Origin">Which source had the last word.</param>
internal sealed record SettingRow(string Key, string Value, string Origin);

/// <summary>What is published for an operator.</summary>
internal sealed record PublishBody
{
    /// <summary>Where.</summary>
    [Description("A topic name, without wildcards.")]
    public string Topic { get; init; } = "";

    /// <summary>What, as text.</summary>
    [Description("The payload as text, which is sent in UTF-8.")]
    public string? Payload { get; init; }

    /// <summary>What, as bytes.</summary>
    [Description("The payload as bytes in base64, instead of payload.")]
    public byte[]? PayloadBase64 { get; init; }

    /// <summary>How.</summary>
    [JsonPropertyName("qos")]
    [Description("0, 1 or 2.")]
    public int QoS { get; init; }

    /// <summary>Whether it stays.</summary>
    [Description("Whether it becomes the topic's retained message; an empty payload removes that.")]
    public bool Retain { get; init; }
}

/// <summary>A retained message with its payload.</summary>
/// <param name="Topic">Its topic.</param>
/// <param name="QoS">As published.</param>
/// <param name="Bytes">Of its payload.</param>
/// <param name="ExpiresAt">Null: it does not.</param>
/// <param name="Payload">As text; null: it is none.</param>
/// <param name="PayloadBase64">As bytes.</param>
internal sealed record RetainedMessageBody(string Topic, [property: JsonPropertyName("qos")] int QoS, int Bytes, DateTimeOffset? ExpiresAt, string? Payload, byte[] PayloadBase64);

/// <summary>What is traced: all that is given must fit.</summary>
internal sealed record TraceBody
{
    /// <summary>Whose.</summary>
    [Description("A client id.")]
    public string? ClientId { get; init; }

    /// <summary>Of which messages.</summary>
    [Description("A topic filter: messages alone, whose topic it matches.")]
    public string? Topic { get; init; }

    /// <summary>From where.</summary>
    [Description("A client's own IP address, without a port.")]
    public string? Address { get; init; }

    /// <summary>How long.</summary>
    [Description("At most 3600; left out: 60.")]
    public double? Seconds { get; init; }

    /// <summary>How much.</summary>
    [Description("Lines in a second, 1 to 1000; what is more is counted. Left out: 100.")]
    public int? Rate { get; init; }

    /// <summary>It, with the defaults.</summary>
    internal TraceRequest Request => new(
        new TraceFilter(ClientId, Topic, Address),
        Seconds is { } seconds ? TimeSpan.FromSeconds(Math.Clamp(seconds, -1, int.MaxValue)) : TraceRequest.DefaultDuration,
        Rate ?? TraceRequest.DefaultRate);
}

/// <summary>How many were concerned.</summary>
/// <param name="Count">So many.</param>
internal sealed record CountBody(int Count);

/// <summary>A limit that can be changed while the node runs.</summary>
/// <param name="Name">Below <c>mqtt.limits</c>.</param>
/// <param name="Value">Of the node that is asked.</param>
/// <param name="Origin">Which source had the last word.</param>
internal sealed record LimitRow(string Name, string Value, string Origin);

/// <summary>A change of one, until a node starts again.</summary>
internal sealed record LimitBody
{
    /// <summary>Which.</summary>
    [Description("The name below mqtt.limits.")]
    public string Name { get; init; } = "";

    /// <summary>What.</summary>
    [Description("As in a file of settings, such as 500, 64MiB or 30s.")]
    public string Value { get; init; } = "";

    /// <summary>Where.</summary>
    [Description("On every member rather than on the node that is asked alone.")]
    public bool AllNodes { get; init; }
}

/// <summary>What the log shows.</summary>
/// <param name="Level">The least that is shown: trace, debug, info, warning, error, critical or none.</param>
/// <param name="Levels">Other levels, by the start of a category's name.</param>
internal sealed record LogLevelsBody(string Level, IReadOnlyDictionary<string, string> Levels);

/// <summary>A change of it, until the node starts again.</summary>
/// <param name="Level">The least that is shown.</param>
/// <param name="Category">For categories whose name begins like this; null: for all others.</param>
internal sealed record LogLevelBody(string Level, string? Category = null);
