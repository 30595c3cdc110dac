-- A trial that was never bought has no instant of purchase.
UPDATE subscription SET activated_at = NULL
    WHERE trial_end IS NOT NULL AND term_end = trial_end AND term_start = start_on;
