namespace Broker.Actors.Storage;

/// <summary>What the database says to who wants a lease.</summary>
/// <param name="Term">Of the new owner; null: it is not the lease's.</param>
/// <param name="HeldUntil">Where another holds it: until when, milliseconds by the database's clock; a later answer with a later time shows that it lives.</param>
/// <param name="IsRevoked">Who asks is revoked itself and gets no lease any more.</param>
internal readonly record struct LeaseAnswer(long? Term, long HeldUntil, bool IsRevoked)
{
    public static LeaseAnswer Revoked { get; } = new(null, 0, IsRevoked: true);

    public static LeaseAnswer Acquired(long term) => new(term, 0, IsRevoked: false);

    public static LeaseAnswer Held(long until) => new(null, until, IsRevoked: false);
}
