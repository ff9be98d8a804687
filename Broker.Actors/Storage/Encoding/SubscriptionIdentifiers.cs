namespace Broker.Actors.Storage.Encoding;

/// <summary>Subscription identifiers of a queued message as a binary column.</summary>
internal static class SubscriptionIdentifiers
{
    public static byte[]? Encode(ByteWriter writer, uint[]? identifiers)
    {
        if (identifiers is null)
        {
            return null;
        }

        foreach (var identifier in identifiers)
        {
            writer.WriteNumber(identifier);
        }

        return writer.Take();
    }

    /// <exception cref="FormatException">They are none.</exception>
    public static uint[]? Decode(byte[]? column)
    {
        if (column is null)
        {
            return null;
        }

        var result = new List<uint>();
        var reader = new ByteReader(column);
        while (!reader.IsAtEnd)
        {
            result.Add((uint)reader.ReadNumber());
        }

        return [.. result];
    }
}
