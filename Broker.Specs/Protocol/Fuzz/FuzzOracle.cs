namespace Broker.Specs.Protocol.Fuzz;

/// <summary>Tells right from wrong for inputs of which nobody has said what should come of them.</summary>
internal static class FuzzOracle
{
    /// <summary>Gives the input to its target.</summary>
    /// <returns>What came of it.</returns>
    /// <exception cref="Exception">Any at all is a finding: the target has thrown what it may not, or contradicts itself.</exception>
    public static FuzzOutcome Check(FuzzInput input) => input.Target switch
    {
        FuzzTarget.TopicFilter => TopicOracle.Check(input.Bytes),
        FuzzTarget.ProxyHeader => ProxyOracle.Check(input.Bytes),
        _ => CodecOracle.Check(input.Target, input.Bytes),
    };
}
