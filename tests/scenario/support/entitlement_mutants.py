"""Models of entitlements that have one rule wrong each. Whoever tests with the honest one
(entitlement_model.py) shows that what was answered finds all of these out."""

from datetime import timedelta

from support.entitlement_model import CONFLICT, GRACE, LIMIT, QUOTA, UNPAID, Model


class LimitsAddUp(Model):
    def add(self, kind, values):
        return super().add(QUOTA if kind == LIMIT else kind, values)


class QuotasAreTheLargest(Model):
    def add(self, kind, values):
        return super().add(LIMIT if kind == QUOTA else kind, values)


class QuotasOfSubscriptionsCountUnits(Model):
    def add(self, kind, values):
        return super().add(kind, [(value, "unit", units) for value, _, units in values])


class UsersHaveAllUnits(Model):
    def units(self, sub, user):
        return sub.quantity


class TenantNeedsLicence(Model):
    def is_theirs(self, sub, user):
        return user is None or user in sub.holders


class UserNeedsNoLicence(Model):
    def is_theirs(self, sub, user):
        return True


class ExpiredStops(Model):
    def works(self, sub):
        return sub.state in ("trial", "active")


class DisabledWorks(Model):
    def works(self, sub):
        return sub.state != "deleted"


class TrialGrantsNothing(Model):
    def works(self, sub):
        return sub.state in ("active", "expired")


class AddonHasDaysOfItsOwn(Model):
    def until(self, sub):
        base = sub.family
        if base.state == "expired":
            return base.since + sub.days("grace_days", GRACE)
        return None if base.recurring else base.term_end + sub.days("grace_days", GRACE)


class EndsWithTheTerm(Model):
    def until(self, sub):
        return super().until(sub) if sub.family.state == "expired" else \
            None if sub.family.recurring else sub.family.term_end


class PublishedCountsAtOnce(Model):
    def do_publish(self, step, _, __):
        super().do_publish(step, _, __)
        for sub in self.subs:
            sub.version = self.version


class RenewalKeepsItsVersion(Model):
    def begin_day(self, base):
        versions = {sub: sub.version for sub in self.subs}
        super().begin_day(base)
        for sub, version in versions.items():
            sub.version = version


class ConflictIsForgiven(Model):
    def cut(self, sub):
        sub.conflict_on = None


class CutSparesAddons(Model):
    def cut(self, sub):
        sub.holders, sub.conflict_on = sub.holders[:sub.quantity], None


class CutTakesTheOldest(Model):
    def cut(self, sub):
        sub.holders, sub.conflict_on = sub.holders[-sub.quantity:], None


class BaseLicenceIsNeverNeeded(Model):
    def needs_base(self, sub):
        return False


class UnpaidWorksOn(Model):
    def end_of_day(self, sub):
        sub.failed_on = None
        super().end_of_day(sub)


class DroppedStaysAssigned(Model):
    def do_plan(self, step, subs, _):
        subs[0].offer, subs[0].version = step["offer"], self.version


class ExpiredADayLonger(Model):
    def ends_on(self, base):
        return super().ends_on(base) + timedelta(days=base.state == "expired")


class UnpaidADayLonger(Model):
    unpaid_days = UNPAID + 1


class CutADayLater(Model):
    conflict_days = CONFLICT + 1


class UnassignTakesNothing(Model):
    def do_unassign(self, step, subs, _):
        pass


MUTANTS = [LimitsAddUp, QuotasAreTheLargest, QuotasOfSubscriptionsCountUnits, UsersHaveAllUnits,
           TenantNeedsLicence, UserNeedsNoLicence, ExpiredStops, DisabledWorks,
           TrialGrantsNothing, AddonHasDaysOfItsOwn, EndsWithTheTerm, PublishedCountsAtOnce,
           RenewalKeepsItsVersion, ConflictIsForgiven, CutSparesAddons, CutTakesTheOldest,
           BaseLicenceIsNeverNeeded, UnpaidWorksOn, DroppedStaysAssigned, ExpiredADayLonger,
           UnpaidADayLonger, CutADayLater, UnassignTakesNothing]
