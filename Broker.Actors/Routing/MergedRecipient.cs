namespace Broker.Actors.Routing;

/// <summary>
/// Several subscriptions of one subscriber that match the same topic: it receives one copy, at the highest QoS, with all
/// identifiers (section 3.3.4). Built by <see cref="Absorb"/>, then sealed, then published.
/// </summary>
internal sealed class MergedRecipient : Recipient
{
    private List<uint>? _identifiers;

    /// <summary>This very object while no subscription with No Local has been absorbed.</summary>
    private MergedRecipient? _forOwnMessages;

    /// <summary>Starts with one subscription.</summary>
    public MergedRecipient(Recipient first)
        : base(first)
    {
        _forOwnMessages = first.NoLocal ? null : this;
        AddIdentifiers(first);
    }

    /// <inheritdoc/>
    public override Recipient? ForOwnMessages => _forOwnMessages;

    /// <summary>Adds one more subscription of the same subscriber.</summary>
    public void Absorb(Recipient other)
    {
        if (other.NoLocal)
        {
            if (_forOwnMessages == this)
            {
                _forOwnMessages = CopyOfAllSoFar();
            }
        }
        else if (_forOwnMessages is null)
        {
            _forOwnMessages = new MergedRecipient(other);
        }
        else if (_forOwnMessages != this)
        {
            _forOwnMessages.Absorb(other);
        }

        if (other.QoS > QoS)
        {
            QoS = other.QoS;
        }

        RetainAsPublished |= other.RetainAsPublished;
        AddIdentifiers(other);
    }

    /// <summary>Nothing is absorbed after this.</summary>
    public void Seal()
    {
        SubscriptionIdentifiers = _identifiers?.ToArray();
        _identifiers = null;
        if (_forOwnMessages is not null && _forOwnMessages != this)
        {
            _forOwnMessages.Seal();
        }
    }

    private MergedRecipient CopyOfAllSoFar() => new(this) { _identifiers = _identifiers is null ? null : [.. _identifiers] };

    private void AddIdentifiers(Recipient other)
    {
        if (other.SubscriptionIdentifiers is { } identifiers)
        {
            (_identifiers ??= []).AddRange(identifiers);
        }
    }
}
