namespace Broker.Actors.Inspection;

/// <summary>Which part of a list is wanted.</summary>
/// <param name="After">The key of the last row that was had; empty: from the beginning.</param>
/// <param name="Limit">Rows at most, 1 to 1,000.</param>
/// <param name="Contains">Text that the client id, filter or topic must have in it; empty: any.</param>
/// <param name="ClientId">Of this client alone; null: of all.</param>
public sealed record PageRequest(string After = "", int Limit = PageRequest.DefaultLimit, string Contains = "", string? ClientId = null)
{
    /// <summary>Rows where nobody says how many.</summary>
    public const int DefaultLimit = 100;

    /// <summary>Rows at most: what many ask for at once is held in memory.</summary>
    public const int MaxLimit = 1_000;

    internal bool Wants(string text) => Contains.Length == 0 || text.Contains(Contains, StringComparison.OrdinalIgnoreCase);

    internal bool WantsClient(string clientId) => ClientId is null || ClientId == clientId;
}

/// <summary>Part of a list.</summary>
/// <param name="Items">In the order of their keys.</param>
/// <param name="Next">For <see cref="PageRequest.After"/>; null: there is no more.</param>
/// <param name="Total">Rows on all pages, as far as they were counted.</param>
/// <param name="Missing">Members that did not answer: their rows are not there.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next, long Total, IReadOnlyList<string> Missing);

/// <summary>One node's share of a page.</summary>
/// <param name="Rows">The first that are wanted, in order.</param>
/// <param name="Total">All that match, before and behind these too.</param>
/// <param name="HasMore">There are others behind the last.</param>
internal sealed record PageShare<T>(IReadOnlyList<T> Rows, long Total, bool HasMore)
    where T : IInspectionRow;
