using System.Reflection;
using Broker.Protocol.Packets;
using Xunit.Sdk;

namespace Broker.Specs.EndToEnd.Harness;

/// <summary>Runs a theory for MQTT 3.1.1 and for MQTT 5.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class EveryVersionAttribute : DataAttribute
{
    /// <inheritdoc/>
    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => [[ProtocolVersion.V311], [ProtocolVersion.V5]];
}

/// <summary>Runs a theory for every pair of versions and every pair of QoS: publisher's, subscriber's.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class EveryVersionAndQoSAttribute : DataAttribute
{
    /// <inheritdoc/>
    public override IEnumerable<object[]> GetData(MethodInfo testMethod) =>
        from @from in (ProtocolVersion[])[ProtocolVersion.V311, ProtocolVersion.V5]
        from to in (ProtocolVersion[])[ProtocolVersion.V311, ProtocolVersion.V5]
        from published in Enum.GetValues<QualityOfService>()
        from subscribed in Enum.GetValues<QualityOfService>()
        select (object[])[@from, to, published, subscribed];
}
