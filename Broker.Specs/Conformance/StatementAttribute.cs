using Broker.Protocol.Packets;

namespace Broker.Specs.Conformance;

/// <summary>
/// Says which normative statements of the standard a spec shows. An id means something only together with its version: 114 ids stand in
/// both versions and mean different statements. A theory over versions has the tags of both, and each tag is shown by that version's runs.
/// </summary>
/// <param name="version">V311 or V5.</param>
/// <param name="ids">As the standard writes them: MQTT-3.1.2-1.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class StatementAttribute(ProtocolVersion version, params string[] ids) : Attribute
{
    /// <summary>The version of the standard.</summary>
    public ProtocolVersion Version { get; } = version;

    /// <summary>
    /// The statement binds whoever sends, and the spec shows what our broker does with a client that breaks it, which the standard does not
    /// prescribe: it proves nothing about the broker's own packets, and is not asked of other brokers.
    /// </summary>
    public bool IsOurAnswer { get; init; }

    /// <summary>The ids.</summary>
    public IReadOnlyList<string> Ids { get; } = ids;
}
