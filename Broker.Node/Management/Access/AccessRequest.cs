namespace Broker.Node.Management.Access;

/// <summary>What decides whether a request is answered.</summary>
internal sealed record AccessRequest
{
    /// <summary>As asked for.</summary>
    public required string Path { get; init; }

    /// <summary>GET or HEAD.</summary>
    public required bool IsRead { get; init; }

    /// <summary>It comes from this machine.</summary>
    public required bool IsLocal { get; init; }

    /// <summary>Behind "Bearer " in its Authorization header; null: it shows none.</summary>
    public string? Token { get; init; }

    /// <summary>The Host header, without the port.</summary>
    public required string Host { get; init; }

    /// <summary>A browser sends it in the name of a page.</summary>
    public bool HasOrigin { get; init; }
}

/// <summary>Whether a request is answered.</summary>
/// <param name="Status">200, 401 or 403.</param>
/// <param name="Reason">Why not, and what to do.</param>
internal readonly record struct AccessVerdict(int Status, string Reason)
{
    /// <summary>It is.</summary>
    public bool IsGranted => Status == 200;
}
