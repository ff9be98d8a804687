namespace Broker.Protocol.Codec;

/// <summary>The fixed header around a body.</summary>
internal static class Frame
{
    /// <summary>Bytes of the whole packet.</summary>
    /// <exception cref="InvalidOperationException">The body is longer than 268,435,455 bytes.</exception>
    public static int Size(int remainingLength)
    {
        if (remainingLength is < 0 or > VariableByteInteger.MaxValue)
        {
            throw new InvalidOperationException("A packet of more than 268,435,455 bytes behind its fixed header.");
        }

        return 1 + VariableByteInteger.Size(remainingLength) + remainingLength;
    }
}
