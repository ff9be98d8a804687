namespace Broker.Specs.EndToEnd.Hostile;

/// <summary>Latencies are measured in it: nothing else runs meanwhile.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class HostileLoadCollection
{
    public const string Name = "hostile load";
}
