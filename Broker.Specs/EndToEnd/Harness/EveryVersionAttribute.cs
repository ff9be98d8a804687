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
