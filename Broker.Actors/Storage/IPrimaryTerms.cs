namespace Broker.Actors.Storage;

/// <summary>Counts who held the primary role: each take-over has a number above all before it.</summary>
internal interface IPrimaryTerms
{
    /// <summary>This node takes the role over. Answers its term.</summary>
    Task<PrimaryTerm> TakeAsync(CancellationToken cancellation);
}

/// <summary>One node's time in the primary role.</summary>
/// <param name="Number">Grows by one with each take-over.</param>
/// <param name="Since">Milliseconds since 1970 UTC, by the database's clock.</param>
internal readonly record struct PrimaryTerm(long Number, long Since);
