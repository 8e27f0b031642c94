/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** Which CAUSES edges are meant; all that is given counts. */
export type CausesFilter = {
  /** All of these; of an empty list, everything. */
  and?: Array<CausesFilter> | null | undefined;
  /** Share of those treated who have it. */
  frequency?: NumberFilter | null | undefined;
  /** A licence of evidence behind it. */
  licence?: string | null | undefined;
  /** Not this; what is not known is not met, so this is. */
  not?: CausesFilter | null | undefined;
  /** One of these; of an empty list, nothing. */
  or?: Array<CausesFilter> | null | undefined;
  /** A source that speaks for it. */
  source?: string | null | undefined;
};

/** Under which ICD code a disease is recorded. A code without a system is one of WHO's ICD-10; write `ICD10CM:J45` to mean the other. */
export type CodeFilter = {
  /** The first code of a range; needs `to`. */
  from?: string | null | undefined;
  /** Under one of these, exactly. */
  in?: Array<string> | null | undefined;
  /** The last code of the range, all inside it included. */
  to?: string | null | undefined;
  /** Anywhere inside this chapter (`X`), block (`J20-J22`) or category (`J20`). */
  within?: string | null | undefined;
};

/** Which CODED_AS edges are meant; all that is given counts. */
export type CodedAsFilter = {
  /** All of these; of an empty list, everything. */
  and?: Array<CodedAsFilter> | null | undefined;
  /** A licence of evidence behind it. */
  licence?: string | null | undefined;
  /** Not this; what is not known is not met, so this is. */
  not?: CodedAsFilter | null | undefined;
  /** One of these; of an empty list, nothing. */
  or?: Array<CodedAsFilter> | null | undefined;
  /** A source that speaks for it. */
  source?: string | null | undefined;
};

/** Which CONTRAINDICATED_FOR edges are meant; all that is given counts. */
export type ContraindicatedForFilter = {
  /** All of these; of an empty list, everything. */
  and?: Array<ContraindicatedForFilter> | null | undefined;
  /** A licence of evidence behind it. */
  licence?: string | null | undefined;
  /** Not this; what is not known is not met, so this is. */
  not?: ContraindicatedForFilter | null | undefined;
  /** One of these; of an empty list, nothing. */
  or?: Array<ContraindicatedForFilter> | null | undefined;
  /** Why, in a few English words. */
  reason?: TextFilter | null | undefined;
  /** A source that speaks for it. */
  source?: string | null | undefined;
};

/** Which way a piece of evidence speaks. */
export type Direction =
  | 'AGAINST'
  | 'FOR';

/** What the children of a Disease have to be. */
export type DiseaseChildrenFilter = {
  /** How many there are in all. */
  count?: NumberFilter | null | undefined;
  /** There is none like this. */
  none?: DiseaseChildrenMatch | null | undefined;
  /** There is one like this. */
  some?: DiseaseChildrenMatch | null | undefined;
};

/** Which children of a Disease are meant. */
export type DiseaseChildrenMatch = {
  /** What the edge to it has to be. */
  edge?: IsAFilter | null | undefined;
  /** What the neighbour has to be. */
  node?: DiseaseFilter | null | undefined;
};

/** What the codes of a Disease have to be. */
export type DiseaseCodesFilter = {
  /** How many there are in all. */
  count?: NumberFilter | null | undefined;
  /** There is none like this. */
  none?: DiseaseCodesMatch | null | undefined;
  /** There is one like this. */
  some?: DiseaseCodesMatch | null | undefined;
};

/** Which codes of a Disease are meant. */
export type DiseaseCodesMatch = {
  /** What the edge to it has to be. */
  edge?: CodedAsFilter | null | undefined;
  /** What the neighbour has to be. */
  node?: IcdCodeFilter | null | undefined;
};

/** What the contraindicated_drugs of a Disease have to be. */
export type DiseaseContraindicatedDrugsFilter = {
  /** How many there are in all. */
  count?: NumberFilter | null | undefined;
  /** There is none like this. */
  none?: DiseaseContraindicatedDrugsMatch | null | undefined;
  /** There is one like this. */
  some?: DiseaseContraindicatedDrugsMatch | null | undefined;
};

/** Which contraindicated_drugs of a Disease are meant. */
export type DiseaseContraindicatedDrugsMatch = {
  /** What the edge to it has to be. */
  edge?: ContraindicatedForFilter | null | undefined;
  /** What the neighbour has to be. */
  node?: DrugFilter | null | undefined;
};

/** What the drugs of a Disease have to be. */
export type DiseaseDrugsFilter = {
  /** How many there are in all. */
  count?: NumberFilter | null | undefined;
  /** There is none like this. */
  none?: DiseaseDrugsMatch | null | undefined;
  /** There is one like this. */
  some?: DiseaseDrugsMatch | null | undefined;
};

/** Which drugs of a Disease are meant. */
export type DiseaseDrugsMatch = {
  /** What the edge to it has to be. */
  edge?: TreatsFilter | null | undefined;
  /** What the neighbour has to be. */
  node?: DrugFilter | null | undefined;
};

/** Which Diseases are meant; all that is given counts. */
export type DiseaseFilter = {
  /** Oldest usual age. Unit: years. */
  ageMax?: NumberFilter | null | undefined;
  /** Youngest usual age. Unit: years. */
  ageMin?: NumberFilter | null | undefined;
  /** All of these; of an empty list, everything. */
  and?: Array<DiseaseFilter> | null | undefined;
  children?: DiseaseChildrenFilter | null | undefined;
  codes?: DiseaseCodesFilter | null | undefined;
  contraindicatedDrugs?: DiseaseContraindicatedDrugsFilter | null | undefined;
  drugs?: DiseaseDrugsFilter | null | undefined;
  /** The code it is recorded under. */
  icd10?: CodeFilter | null | undefined;
  id?: IdFilter | null | undefined;
  name?: NameFilter | null | undefined;
  /** Not this; what is not known is not met, so this is. */
  not?: DiseaseFilter | null | undefined;
  /** One of these; of an empty list, nothing. */
  or?: Array<DiseaseFilter> | null | undefined;
  parents?: DiseaseParentsFilter | null | undefined;
  /** Share among patients seen, comparable over diseases. */
  prior?: NumberFilter | null | undefined;
  resembling?: DiseaseResemblingFilter | null | undefined;
  /** The only sex it occurs in; absent when it occurs in both. */
  sex?: Array<DiseaseSex> | null | undefined;
  /** A source that told of it. */
  source?: string | null | undefined;
  symptoms?: DiseaseSymptomsFilter | null | undefined;
};

/** What the parents of a Disease have to be. */
export type DiseaseParentsFilter = {
  /** How many there are in all. */
  count?: NumberFilter | null | undefined;
  /** There is none like this. */
  none?: DiseaseParentsMatch | null | undefined;
  /** There is one like this. */
  some?: DiseaseParentsMatch | null | undefined;
};

/** Which parents of a Disease are meant. */
export type DiseaseParentsMatch = {
  /** What the edge to it has to be. */
  edge?: IsAFilter | null | undefined;
  /** What the neighbour has to be. */
  node?: DiseaseFilter | null | undefined;
};

/** What the resembling of a Disease have to be. */
export type DiseaseResemblingFilter = {
  /** How many there are in all. */
  count?: NumberFilter | null | undefined;
  /** There is none like this. */
  none?: DiseaseResemblingMatch | null | undefined;
  /** There is one like this. */
  some?: DiseaseResemblingMatch | null | undefined;
};

/** Which resembling of a Disease are meant. */
export type DiseaseResemblingMatch = {
  /** What the edge to it has to be. */
  edge?: ResemblesFilter | null | undefined;
  /** What the neighbour has to be. */
  node?: DiseaseFilter | null | undefined;
};

/** The only sex it occurs in; absent when it occurs in both. */
export type DiseaseSex =
  | 'FEMALE'
  | 'MALE';

/** What the symptoms of a Disease have to be. */
export type DiseaseSymptomsFilter = {
  /** How many there are in all. */
  count?: NumberFilter | null | undefined;
  /** There is none like this. */
  none?: DiseaseSymptomsMatch | null | undefined;
  /** There is one like this. */
  some?: DiseaseSymptomsMatch | null | undefined;
};

/** Which symptoms of a Disease are meant. */
export type DiseaseSymptomsMatch = {
  /** What the edge to it has to be. */
  edge?: HasSymptomFilter | null | undefined;
  /** What the neighbour has to be. */
  node?: SymptomFilter | null | undefined;
};

/** What the drugs of a DrugClass have to be. */
export type DrugClassDrugsFilter = {
  /** How many there are in all. */
  count?: NumberFilter | null | undefined;
  /** There is none like this. */
  none?: DrugClassDrugsMatch | null | undefined;
  /** There is one like this. */
  some?: DrugClassDrugsMatch | null | undefined;
};

/** Which drugs of a DrugClass are meant. */
export type DrugClassDrugsMatch = {
  /** What the edge to it has to be. */
  edge?: InClassFilter | null | undefined;
  /** What the neighbour has to be. */
  node?: DrugFilter | null | undefined;
};

/** Which DrugClasses are meant; all that is given counts. */
export type DrugClassFilter = {
  /** All of these; of an empty list, everything. */
  and?: Array<DrugClassFilter> | null | undefined;
  drugs?: DrugClassDrugsFilter | null | undefined;
  id?: IdFilter | null | undefined;
  inClass?: DrugClassInClassFilter | null | undefined;
  name?: NameFilter | null | undefined;
  /** Not this; what is not known is not met, so this is. */
  not?: DrugClassFilter | null | undefined;
  /** One of these; of an empty list, nothing. */
  or?: Array<DrugClassFilter> | null | undefined;
  /** A source that told of it. */
  source?: string | null | undefined;
  subclasses?: DrugClassSubclassesFilter | null | undefined;
};

/** What the in_class of a DrugClass have to be. */
export type DrugClassInClassFilter = {
  /** How many there are in all. */
  count?: NumberFilter | null | undefined;
  /** There is none like this. */
  none?: DrugClassInClassMatch | null | undefined;
  /** There is one like this. */
  some?: DrugClassInClassMatch | null | undefined;
};

/** Which in_class of a DrugClass are meant. */
export type DrugClassInClassMatch = {
  /** What the edge to it has to be. */
  edge?: InClassFilter | null | undefined;
  /** What the neighbour has to be. */
  node?: DrugClassFilter | null | undefined;
};

/** What the subclasses of a DrugClass have to be. */
export type DrugClassSubclassesFilter = {
  /** How many there are in all. */
  count?: NumberFilter | null | undefined;
  /** There is none like this. */
  none?: DrugClassSubclassesMatch | null | undefined;
  /** There is one like this. */
  some?: DrugClassSubclassesMatch | null | undefined;
};

/** Which subclasses of a DrugClass are meant. */
export type DrugClassSubclassesMatch = {
  /** What the edge to it has to be. */
  edge?: InClassFilter | null | undefined;
  /** What the neighbour has to be. */
  node?: DrugClassFilter | null | undefined;
};

/** What the contraindications of a Drug have to be. */
export type DrugContraindicationsFilter = {
  /** How many there are in all. */
  count?: NumberFilter | null | undefined;
  /** There is none like this. */
  none?: DrugContraindicationsMatch | null | undefined;
  /** There is one like this. */
  some?: DrugContraindicationsMatch | null | undefined;
};

/** Which contraindications of a Drug are meant. */
export type DrugContraindicationsMatch = {
  /** What the edge to it has to be. */
  edge?: ContraindicatedForFilter | null | undefined;
  /** What the neighbour has to be. */
  node?: DiseaseFilter | null | undefined;
};

/** What the diseases of a Drug have to be. */
export type DrugDiseasesFilter = {
  /** How many there are in all. */
  count?: NumberFilter | null | undefined;
  /** There is none like this. */
  none?: DrugDiseasesMatch | null | undefined;
  /** There is one like this. */
  some?: DrugDiseasesMatch | null | undefined;
};

/** Which diseases of a Drug are meant. */
export type DrugDiseasesMatch = {
  /** What the edge to it has to be. */
  edge?: TreatsFilter | null | undefined;
  /** What the neighbour has to be. */
  node?: DiseaseFilter | null | undefined;
};

/** Which Drugs are meant; all that is given counts. */
export type DrugFilter = {
  /** All of these; of an empty list, everything. */
  and?: Array<DrugFilter> | null | undefined;
  /** ATC code, level 5. */
  atc?: TextFilter | null | undefined;
  contraindications?: DrugContraindicationsFilter | null | undefined;
  diseases?: DrugDiseasesFilter | null | undefined;
  id?: IdFilter | null | undefined;
  inClass?: DrugInClassFilter | null | undefined;
  interactions?: DrugInteractionsFilter | null | undefined;
  name?: NameFilter | null | undefined;
  /** Not this; what is not known is not met, so this is. */
  not?: DrugFilter | null | undefined;
  /** One of these; of an empty list, nothing. */
  or?: Array<DrugFilter> | null | undefined;
  sideEffects?: DrugSideEffectsFilter | null | undefined;
  /** A source that told of it. */
  source?: string | null | undefined;
};

/** What the in_class of a Drug have to be. */
export type DrugInClassFilter = {
  /** How many there are in all. */
  count?: NumberFilter | null | undefined;
  /** There is none like this. */
  none?: DrugInClassMatch | null | undefined;
  /** There is one like this. */
  some?: DrugInClassMatch | null | undefined;
};

/** Which in_class of a Drug are meant. */
export type DrugInClassMatch = {
  /** What the edge to it has to be. */
  edge?: InClassFilter | null | undefined;
  /** What the neighbour has to be. */
  node?: DrugClassFilter | null | undefined;
};

/** What the interactions of a Drug have to be. */
export type DrugInteractionsFilter = {
  /** How many there are in all. */
  count?: NumberFilter | null | undefined;
  /** There is none like this. */
  none?: DrugInteractionsMatch | null | undefined;
  /** There is one like this. */
  some?: DrugInteractionsMatch | null | undefined;
};

/** Which interactions of a Drug are meant. */
export type DrugInteractionsMatch = {
  /** What the edge to it has to be. */
  edge?: InteractsWithFilter | null | undefined;
  /** What the neighbour has to be. */
  node?: DrugFilter | null | undefined;
};

/** What the side_effects of a Drug have to be. */
export type DrugSideEffectsFilter = {
  /** How many there are in all. */
  count?: NumberFilter | null | undefined;
  /** There is none like this. */
  none?: DrugSideEffectsMatch | null | undefined;
  /** There is one like this. */
  some?: DrugSideEffectsMatch | null | undefined;
};

/** Which side_effects of a Drug are meant. */
export type DrugSideEffectsMatch = {
  /** What the edge to it has to be. */
  edge?: CausesFilter | null | undefined;
  /** What the neighbour has to be. */
  node?: SideEffectFilter | null | undefined;
};

/** Why something was not done. */
export type ErrorCode =
  | 'BAD_USER_INPUT'
  | 'BUSY'
  | 'CONFLICT'
  | 'INTERNAL_SERVER_ERROR'
  | 'NOT_FOUND'
  | 'SERVICE_UNAVAILABLE'
  | 'TIMEOUT';

/** Which HAS_SYMPTOM edges are meant; all that is given counts. */
export type HasSymptomFilter = {
  /** All of these; of an empty list, everything. */
  and?: Array<HasSymptomFilter> | null | undefined;
  /** A licence of evidence behind it. */
  licence?: string | null | undefined;
  /** Not this; what is not known is not met, so this is. */
  not?: HasSymptomFilter | null | undefined;
  /** One of these; of an empty list, nothing. */
  or?: Array<HasSymptomFilter> | null | undefined;
  /** A source that speaks for it. */
  source?: string | null | undefined;
  /** How typical it is; comparable within one disease only. */
  weight?: NumberFilter | null | undefined;
};

/** What the diseases of a IcdCode have to be. */
export type IcdCodeDiseasesFilter = {
  /** How many there are in all. */
  count?: NumberFilter | null | undefined;
  /** There is none like this. */
  none?: IcdCodeDiseasesMatch | null | undefined;
  /** There is one like this. */
  some?: IcdCodeDiseasesMatch | null | undefined;
};

/** Which diseases of a IcdCode are meant. */
export type IcdCodeDiseasesMatch = {
  /** What the edge to it has to be. */
  edge?: CodedAsFilter | null | undefined;
  /** What the neighbour has to be. */
  node?: DiseaseFilter | null | undefined;
};

/** Which IcdCodes are meant; all that is given counts. */
export type IcdCodeFilter = {
  /** All of these; of an empty list, everything. */
  and?: Array<IcdCodeFilter> | null | undefined;
  diseases?: IcdCodeDiseasesFilter | null | undefined;
  id?: IdFilter | null | undefined;
  /** Level in the system. */
  level?: Array<IcdCodeLevel> | null | undefined;
  name?: NameFilter | null | undefined;
  /** Not this; what is not known is not met, so this is. */
  not?: IcdCodeFilter | null | undefined;
  /** One of these; of an empty list, nothing. */
  or?: Array<IcdCodeFilter> | null | undefined;
  partOf?: IcdCodePartOfFilter | null | undefined;
  parts?: IcdCodePartsFilter | null | undefined;
  /** A source that told of it. */
  source?: string | null | undefined;
  /** Code system. */
  system?: Array<IcdCodeSystem> | null | undefined;
};

/** Level in the system. */
export type IcdCodeLevel =
  | 'BLOCK'
  | 'CATEGORY'
  | 'CHAPTER'
  | 'SUBCATEGORY';

/** What the part_of of a IcdCode have to be. */
export type IcdCodePartOfFilter = {
  /** How many there are in all. */
  count?: NumberFilter | null | undefined;
  /** There is none like this. */
  none?: IcdCodePartOfMatch | null | undefined;
  /** There is one like this. */
  some?: IcdCodePartOfMatch | null | undefined;
};

/** Which part_of of a IcdCode are meant. */
export type IcdCodePartOfMatch = {
  /** What the edge to it has to be. */
  edge?: PartOfFilter | null | undefined;
  /** What the neighbour has to be. */
  node?: IcdCodeFilter | null | undefined;
};

/** What the parts of a IcdCode have to be. */
export type IcdCodePartsFilter = {
  /** How many there are in all. */
  count?: NumberFilter | null | undefined;
  /** There is none like this. */
  none?: IcdCodePartsMatch | null | undefined;
  /** There is one like this. */
  some?: IcdCodePartsMatch | null | undefined;
};

/** Which parts of a IcdCode are meant. */
export type IcdCodePartsMatch = {
  /** What the edge to it has to be. */
  edge?: PartOfFilter | null | undefined;
  /** What the neighbour has to be. */
  node?: IcdCodeFilter | null | undefined;
};

/** Code system. */
export type IcdCodeSystem =
  | 'ICD10'
  | 'ICD10CM';

/** What an id has to be. */
export type IdFilter = {
  eq?: string | number | null | undefined;
  /** One of these; of an empty list, nothing. */
  in?: Array<string | number> | null | undefined;
  /** For instance the vocabulary: `HP:`. */
  startsWith?: string | null | undefined;
};

/** Which IN_CLASS edges are meant; all that is given counts. */
export type InClassFilter = {
  /** All of these; of an empty list, everything. */
  and?: Array<InClassFilter> | null | undefined;
  /** A licence of evidence behind it. */
  licence?: string | null | undefined;
  /** Not this; what is not known is not met, so this is. */
  not?: InClassFilter | null | undefined;
  /** One of these; of an empty list, nothing. */
  or?: Array<InClassFilter> | null | undefined;
  /** A source that speaks for it. */
  source?: string | null | undefined;
};

/** Which INTERACTS_WITH edges are meant; all that is given counts. */
export type InteractsWithFilter = {
  /** All of these; of an empty list, everything. */
  and?: Array<InteractsWithFilter> | null | undefined;
  /** A licence of evidence behind it. */
  licence?: string | null | undefined;
  /** Not this; what is not known is not met, so this is. */
  not?: InteractsWithFilter | null | undefined;
  /** One of these; of an empty list, nothing. */
  or?: Array<InteractsWithFilter> | null | undefined;
  /** A source that speaks for it. */
  source?: string | null | undefined;
};

/** Which IS_A edges are meant; all that is given counts. */
export type IsAFilter = {
  /** All of these; of an empty list, everything. */
  and?: Array<IsAFilter> | null | undefined;
  /** A licence of evidence behind it. */
  licence?: string | null | undefined;
  /** Not this; what is not known is not met, so this is. */
  not?: IsAFilter | null | undefined;
  /** One of these; of an empty list, nothing. */
  or?: Array<IsAFilter> | null | undefined;
  /** A source that speaks for it. */
  source?: string | null | undefined;
};

/** Where a job stands. */
export type JobStatus =
  | 'CANCELLED'
  | 'DONE'
  | 'FAILED'
  | 'QUEUED'
  | 'RUNNING';

/** A kind of node. */
export type Kind =
  | 'DISEASE'
  | 'DRUG'
  | 'DRUG_CLASS'
  | 'ICD_CODE'
  | 'SIDE_EFFECT'
  | 'SYMPTOM';

/** A language of names. */
export type Language =
  | 'EN'
  | 'RU';

/** What a name has to be; case does not matter. Synonyms are found by `search`. */
export type NameFilter = {
  contains?: string | null | undefined;
  eq?: string | null | undefined;
  /** One of these. */
  in?: Array<string> | null | undefined;
  /** Which name is meant; without it the one that lists are sorted by, English if there is one. */
  language?: Language | null | undefined;
  startsWith?: string | null | undefined;
};

/** What a number has to be; all that is given counts. */
export type NumberFilter = {
  atLeast?: number | null | undefined;
  atMost?: number | null | undefined;
  eq?: number | null | undefined;
  /** Whether it is known at all. */
  exists?: boolean | null | undefined;
  /** One of these. */
  in?: Array<number> | null | undefined;
};

/** Which PART_OF edges are meant; all that is given counts. */
export type PartOfFilter = {
  /** All of these; of an empty list, everything. */
  and?: Array<PartOfFilter> | null | undefined;
  /** A licence of evidence behind it. */
  licence?: string | null | undefined;
  /** Not this; what is not known is not met, so this is. */
  not?: PartOfFilter | null | undefined;
  /** One of these; of an empty list, nothing. */
  or?: Array<PartOfFilter> | null | undefined;
  /** A source that speaks for it. */
  source?: string | null | undefined;
};

/** So many notes about a code, as a row of a plan says. */
export type PlannedNotesInput = {
  /** A code of ICD-10; its diseases take turns if they are several. */
  icd10: string;
  /** Notes about it. */
  number?: number;
};

/** Which RESEMBLES edges are meant; all that is given counts. */
export type ResemblesFilter = {
  /** All of these; of an empty list, everything. */
  and?: Array<ResemblesFilter> | null | undefined;
  /** A licence of evidence behind it. */
  licence?: string | null | undefined;
  /** Not this; what is not known is not met, so this is. */
  not?: ResemblesFilter | null | undefined;
  /** One of these; of an empty list, nothing. */
  or?: Array<ResemblesFilter> | null | undefined;
  /** How alike they look. */
  score?: NumberFilter | null | undefined;
  /** What tells them apart, in a few English words. */
  sign?: TextFilter | null | undefined;
  /** A source that speaks for it. */
  source?: string | null | undefined;
};

/** What the drugs of a SideEffect have to be. */
export type SideEffectDrugsFilter = {
  /** How many there are in all. */
  count?: NumberFilter | null | undefined;
  /** There is none like this. */
  none?: SideEffectDrugsMatch | null | undefined;
  /** There is one like this. */
  some?: SideEffectDrugsMatch | null | undefined;
};

/** Which drugs of a SideEffect are meant. */
export type SideEffectDrugsMatch = {
  /** What the edge to it has to be. */
  edge?: CausesFilter | null | undefined;
  /** What the neighbour has to be. */
  node?: DrugFilter | null | undefined;
};

/** Which SideEffects are meant; all that is given counts. */
export type SideEffectFilter = {
  /** All of these; of an empty list, everything. */
  and?: Array<SideEffectFilter> | null | undefined;
  drugs?: SideEffectDrugsFilter | null | undefined;
  id?: IdFilter | null | undefined;
  name?: NameFilter | null | undefined;
  /** Not this; what is not known is not met, so this is. */
  not?: SideEffectFilter | null | undefined;
  /** One of these; of an empty list, nothing. */
  or?: Array<SideEffectFilter> | null | undefined;
  /** A source that told of it. */
  source?: string | null | undefined;
};

/** Notes to be written: `number` about each disease, given by codes, by ids or both; or those of a plan. */
export type StartNotesInput = {
  /** Ids of diseases. */
  diseases?: Array<string | number>;
  /** Codes of ICD-10, for instance J20. */
  icd10?: Array<string>;
  /** Notes about each disease. */
  number?: number;
  /** An id of your own for this request; sent again, it returns the same job. */
  operation?: string | number | null | undefined;
  /** Numbers of their own for each code, instead of `icd10`, `diseases` and `number`. */
  plan?: Array<PlannedNotesInput>;
  /** Name of the recipe; several, with commas, take turns. The default one otherwise. */
  recipe?: string | null | undefined;
  /** The same seed writes the same notes. */
  seed?: number;
};

/** What the children of a Symptom have to be. */
export type SymptomChildrenFilter = {
  /** How many there are in all. */
  count?: NumberFilter | null | undefined;
  /** There is none like this. */
  none?: SymptomChildrenMatch | null | undefined;
  /** There is one like this. */
  some?: SymptomChildrenMatch | null | undefined;
};

/** Which children of a Symptom are meant. */
export type SymptomChildrenMatch = {
  /** What the edge to it has to be. */
  edge?: IsAFilter | null | undefined;
  /** What the neighbour has to be. */
  node?: SymptomFilter | null | undefined;
};

/** What the diseases of a Symptom have to be. */
export type SymptomDiseasesFilter = {
  /** How many there are in all. */
  count?: NumberFilter | null | undefined;
  /** There is none like this. */
  none?: SymptomDiseasesMatch | null | undefined;
  /** There is one like this. */
  some?: SymptomDiseasesMatch | null | undefined;
};

/** Which diseases of a Symptom are meant. */
export type SymptomDiseasesMatch = {
  /** What the edge to it has to be. */
  edge?: HasSymptomFilter | null | undefined;
  /** What the neighbour has to be. */
  node?: DiseaseFilter | null | undefined;
};

/** Which Symptoms are meant; all that is given counts. */
export type SymptomFilter = {
  /** All of these; of an empty list, everything. */
  and?: Array<SymptomFilter> | null | undefined;
  children?: SymptomChildrenFilter | null | undefined;
  diseases?: SymptomDiseasesFilter | null | undefined;
  id?: IdFilter | null | undefined;
  name?: NameFilter | null | undefined;
  /** Not this; what is not known is not met, so this is. */
  not?: SymptomFilter | null | undefined;
  /** One of these; of an empty list, nothing. */
  or?: Array<SymptomFilter> | null | undefined;
  parents?: SymptomParentsFilter | null | undefined;
  /** A source that told of it. */
  source?: string | null | undefined;
};

/** What the parents of a Symptom have to be. */
export type SymptomParentsFilter = {
  /** How many there are in all. */
  count?: NumberFilter | null | undefined;
  /** There is none like this. */
  none?: SymptomParentsMatch | null | undefined;
  /** There is one like this. */
  some?: SymptomParentsMatch | null | undefined;
};

/** Which parents of a Symptom are meant. */
export type SymptomParentsMatch = {
  /** What the edge to it has to be. */
  edge?: IsAFilter | null | undefined;
  /** What the neighbour has to be. */
  node?: SymptomFilter | null | undefined;
};

/** What a text has to be. Case matters for `eq` and `in`, for a part of it not. */
export type TextFilter = {
  contains?: string | null | undefined;
  eq?: string | null | undefined;
  /** Whether it is known at all. */
  exists?: boolean | null | undefined;
  /** One of these. */
  in?: Array<string> | null | undefined;
  startsWith?: string | null | undefined;
};

/** Which TREATS edges are meant; all that is given counts. */
export type TreatsFilter = {
  /** All of these; of an empty list, everything. */
  and?: Array<TreatsFilter> | null | undefined;
  /** A typical dose for adults, in a few English words. */
  dose?: TextFilter | null | undefined;
  /** A licence of evidence behind it. */
  licence?: string | null | undefined;
  /** Not this; what is not known is not met, so this is. */
  not?: TreatsFilter | null | undefined;
  /** One of these; of an empty list, nothing. */
  or?: Array<TreatsFilter> | null | undefined;
  /** What it is given for. */
  purpose?: Array<TreatsPurpose> | null | undefined;
  /** A source that speaks for it. */
  source?: string | null | undefined;
};

/** What it is given for. */
export type TreatsPurpose =
  | 'DISEASE_MODIFYING'
  | 'SYMPTOMATIC'
  | 'UNKNOWN';

export type DiseasesQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
  where?: DiseaseFilter | null | undefined;
}>;


export type DiseasesQuery = { diseases: { nodes: Array<{ id: string, name: string, symptoms: { edges: Array<{ weight: number | null, node: { id: string, name: string } }> } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type EvidenceQueryVariables = Exact<{
  icd10: string;
}>;


export type EvidenceQuery = { disease: { id: string, name: string, symptoms: { edges: Array<{ id: string, weight: number | null, sources: Array<string>, node: { name: string }, evidence: Array<{ id: string, source: string, version: string, reference: string, direction: Direction }> }> } } | null };

export type StartNotesMutationVariables = Exact<{
  input: StartNotesInput;
}>;


export type StartNotesMutation = { startNotes: { job: { id: string, status: JobStatus } | null, errors: Array<{ code: ErrorCode, message: string, hint: string | null, retryAfter: number | null }> } | null };

export type WatchNotesSubscriptionVariables = Exact<{
  id: string | number;
  notesFrom?: number | null | undefined;
}>;


export type WatchNotesSubscription = { jobProgress:
    | { __typename: 'JobEnded', job: { status: JobStatus, error: { message: string } | null } }
    | { __typename: 'JobNoteDone', noteIndex: number, note: { id: string, text: string, passed: boolean, facts: Array<{ text: string, edgeId: string | null, told: boolean }> } }
    | { __typename: 'JobProgressed', job: { status: JobStatus, progress: { done: number, total: number } } }
    | { __typename: 'JobToken', noteIndex: number, text: string }
   };

export type SearchQueryVariables = Exact<{
  text: string;
  kinds?: Array<Kind> | Kind | null | undefined;
}>;


export type SearchQuery = { search: Array<{ matched: string, node:
      | { id: string, kind: Kind, name: string }
      | { id: string, kind: Kind, name: string }
      | { id: string, kind: Kind, name: string }
      | { id: string, kind: Kind, name: string }
      | { id: string, kind: Kind, name: string }
      | { id: string, kind: Kind, name: string }
     }> };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}

export const DiseasesDocument = new TypedDocumentString(`
    query Diseases($first: Int!, $after: String, $where: DiseaseFilter) {
  diseases(first: $first, after: $after, where: $where, orderBy: [NAME]) {
    nodes {
      id
      name
      symptoms(first: 3) {
        edges {
          weight
          node {
            id
            name
          }
        }
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<DiseasesQuery, DiseasesQueryVariables>;
export const EvidenceDocument = new TypedDocumentString(`
    query Evidence($icd10: String!) {
  disease(icd10: $icd10) {
    id
    name
    symptoms(first: 3) {
      edges {
        id
        weight
        sources
        node {
          name
        }
        evidence {
          id
          source
          version
          reference
          direction
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<EvidenceQuery, EvidenceQueryVariables>;
export const StartNotesDocument = new TypedDocumentString(`
    mutation StartNotes($input: StartNotesInput!) {
  startNotes(input: $input) {
    job {
      id
      status
    }
    errors {
      code
      message
      hint
      retryAfter
    }
  }
}
    `) as unknown as TypedDocumentString<StartNotesMutation, StartNotesMutationVariables>;
export const WatchNotesDocument = new TypedDocumentString(`
    subscription WatchNotes($id: ID!, $notesFrom: Int) {
  jobProgress(id: $id, notesFrom: $notesFrom) {
    __typename
    ... on JobProgressed {
      job {
        status
        progress {
          done
          total
        }
      }
    }
    ... on JobToken {
      noteIndex
      text
    }
    ... on JobNoteDone {
      noteIndex
      note {
        id
        text
        passed
        facts {
          text
          edgeId
          told
        }
      }
    }
    ... on JobEnded {
      job {
        status
        error {
          message
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<WatchNotesSubscription, WatchNotesSubscriptionVariables>;
export const SearchDocument = new TypedDocumentString(`
    query Search($text: String!, $kinds: [Kind!]) {
  search(text: $text, kinds: $kinds, first: 5) {
    matched
    node {
      id
      kind
      name
    }
  }
}
    `) as unknown as TypedDocumentString<SearchQuery, SearchQueryVariables>;